import { KMSServiceException } from '@aws-sdk/client-kms'
import { KeyRefused } from './keyRefused.ts'

/** What KMS says when asking again changes nothing. Throttling, internal errors and unavailable keys are not among them. */
const refusals = new Set([
  'DisabledException',
  'IncorrectKeyException',
  'InvalidCiphertextException',
  'InvalidKeyUsageException',
  'KMSInvalidStateException',
  'NotFoundException',
  'UnsupportedOperationException',
  'ValidationException',
])

/** Passes an answer through. Turns an answer that is a definite no into KeyRefused; every other fault stays what it is. */
export const refusing = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof KMSServiceException && refusals.has(error.name)) throw new KeyRefused(error.name, { cause: error })
    throw error
  }
}

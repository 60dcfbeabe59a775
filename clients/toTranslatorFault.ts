import { TranslateServiceException } from '@aws-sdk/client-translate'
import { TranslationImpossible, TranslatorMisconfigured, TranslatorUnavailable } from '../domain/translation/translatorFault.ts'

const throttling: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
])

/** Nothing of ours is amiss: the machine's own clock service or credential service was too slow, for instance, or the provider is at fault. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailableException',
  'InternalServerException',
])

/** Codes of AWS, of Node and of the SDK are words; anything else might quote something. */
const toCode = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return /^[A-Za-z_]{1,64}$/.test(code) ? code : 'unknown'
}

/**
 * What of the port's faults it is when the SDK throws this. Without a cause and without the provider's words, which may quote the text. What the provider refuses and nobody knows counts as ours
 * to mend; what does not come from it counts as an outage.
 */
export const toTranslatorFault = (error: unknown): Error => {
  if (error instanceof TranslatorMisconfigured) return error
  const code = toCode(error)
  if (code === 'CredentialsProviderError') return new TranslatorMisconfigured(`the translator was not asked: ${code}`)
  if (!(error instanceof TranslateServiceException)) return new TranslatorUnavailable('unavailable', code)
  const status = error.$metadata.httpStatusCode ?? 0
  if (throttling.has(code) || status === 429) return new TranslatorUnavailable('throttled', code)
  if (passing.has(code) || status >= 500) return new TranslatorUnavailable('unavailable', code)
  if (code === 'UnsupportedLanguagePairException') return new TranslationImpossible('unsupported-pair')
  if (code === 'TextSizeLimitExceededException') return new TranslationImpossible('too-long')
  return new TranslatorMisconfigured(`the translator refuses: ${code}, status ${status}`)
}

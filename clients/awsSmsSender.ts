import {
  ConflictException,
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
  ValidationException,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Sms, SmsSender } from '../domain/ports.ts'
import { isInternalEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'

/** The provider did not take the message now, or never will until its settings or ours are mended. Says neither to whom it went nor what was quoted. */
export class SmsUnavailable extends Error {
  override readonly name = 'SmsUnavailable'
  /** What went wrong, for a log. */
  readonly code: string

  constructor(code: string) {
    super(`the SMS provider took nothing: ${code}`)
    this.code = code
  }
}

/** No message will ever reach this number: its owner answered STOP, or it is none that can be written to. */
export class SmsRefused extends Error {
  override readonly name = 'SmsRefused'
}

export type SmsOptions = {
  /** An AWS region in the United States (law 12). */
  region: string
  /** A phone number, a pool or a sender of ours, as AWS End User Messaging knows it. */
  from: string
  /** Only for an endpoint that is not AWS's usual one. */
  endpoint?: string
}

/** The number's owner, its country, or the number itself: nothing that we could mend. */
const refusedReasons: ReadonlySet<string> = new Set([
  'DESTINATION_PHONE_NUMBER_OPTED_OUT',
  'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
  'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
])

/**
 * Sends by AWS End User Messaging (`SendTextMessage`). It has no token by which a repetition is known, so nothing is repeated here: who asks again may send twice.
 * @throws SmsUnavailable, SmsRefused
 */
export const createAwsSmsSender = ({ region, from, endpoint }: SmsOptions): SmsSender => {
  if (!isUsRegion(region)) throw new Error('messages are sent from the United States: the region is not there')
  if (endpoint !== undefined && !isResidentEndpoint(endpoint))
    throw new Error('messages are sent from the United States: the endpoint is not there')
  const client = new PinpointSMSVoiceV2Client({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000 },
    ...(endpoint === undefined ? {} : { endpoint }),
    // What stands in for AWS on this machine asks nobody who they are.
    ...(endpoint !== undefined && isInternalEndpoint(endpoint) ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
  })
  return {
    send: async ({ id, to, text }: Sms) => {
      const message = { DestinationPhoneNumber: to, OriginationIdentity: from, MessageBody: text, Context: { notice: id } }
      await client.send(new SendTextMessageCommand({ ...message, MessageType: 'TRANSACTIONAL' })).catch((error: unknown) => {
        throw toSmsFault(error)
      })
    },
  }
}

/** Without a cause: what AWS says of a fault may quote the number. */
const toSmsFault = (error: unknown): Error => {
  if (error instanceof ConflictException && refusedReasons.has(error.Reason ?? ''))
    return new SmsRefused(`the number was refused: ${error.Reason}`)
  if (error instanceof ValidationException && error.Fields?.some(({ Name }) => Name === 'DestinationPhoneNumber') === true)
    return new SmsRefused('the number was refused: it is none that can be written to')
  const reason = error instanceof ConflictException || error instanceof ValidationException ? `_${error.Reason ?? 'unknown'}` : ''
  return new SmsUnavailable(`${error instanceof Error ? error.name : 'unknown'}${reason}`)
}

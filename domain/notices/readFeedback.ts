/** What became of a mail after its server took it. `addresses`: to whom it was, as the provider names them. */
export type Feedback = { kind: 'bounce' | 'complaint'; districtId: string; userId: string; addresses: string[] }

/**
 * Reads one message of the queue of feedback: an event of Amazon SES, bare or as SNS or EventBridge wrap it. `no-act`: it says nothing that anything follows from, such as a
 * delivery, a bounce that may pass, or one of a mail that is not ours. Null: it cannot be read. Whatever stands in it is taken for a stranger's word: of whom it is, is
 * said by the tags that the mail went with, and has to be shown by the address.
 * Source: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
 */
export const readFeedback = (body: string): Feedback | 'no-act' | null => {
  const event = findEvent(parseJson(body))
  if (event === null) return null
  const kind = kinds.get(textOf(event, 'eventType') ?? textOf(event, 'notificationType') ?? '')
  if (kind === undefined) return 'no-act'
  const said = recordOf(event, kind)
  if (kind === 'bounce' && textOf(said, 'bounceType') !== 'Permanent') return 'no-act'
  const addresses = readAddresses(said[kind === 'bounce' ? 'bouncedRecipients' : 'complainedRecipients'])
  const tags = recordOf(recordOf(event, 'mail'), 'tags')
  const [districtId, userId] = [readId(tags['district']), readId(tags['person'])]
  return districtId === null || userId === null || addresses.length === 0 ? 'no-act' : { kind, districtId, userId, addresses }
}

type Json = Readonly<Record<string, unknown>>

const kinds: ReadonlyMap<string, Feedback['kind']> = new Map([
  ['Bounce', 'bounce'],
  ['Complaint', 'complaint'],
])

/** One mail of ours has one recipient: a list of more is no list of ours. */
const addressesMax = 50

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const parseJson = (text: string): Json | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

/** SNS puts the event into `Message`, as a text; EventBridge into `detail`. */
const findEvent = (message: Json | null): Json | null => {
  if (message === null) return null
  if (typeof message['Message'] === 'string') return parseJson(message['Message'])
  return isRecord(message['detail']) ? message['detail'] : message
}

const textOf = (of: Json, name: string): string | undefined => {
  const value = Object.hasOwn(of, name) ? of[name] : undefined
  return typeof value === 'string' ? value : undefined
}
const recordOf = (of: Json, name: string): Json => {
  const value = Object.hasOwn(of, name) ? of[name] : undefined
  return isRecord(value) ? value : {}
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Tags are lists of values. */
const readId = (values: unknown): string | null => {
  const [value, ...more]: unknown[] = Array.isArray(values) ? values : []
  return typeof value === 'string' && more.length === 0 && uuid.test(value) ? value : null
}

/** A name may stand before the address. */
const readAddresses = (recipients: unknown): string[] =>
  (Array.isArray(recipients) ? recipients.slice(0, addressesMax) : []).flatMap((recipient: unknown) => {
    const written = isRecord(recipient) ? textOf(recipient, 'emailAddress') : undefined
    return written === undefined ? [] : [(/<([^<>]*)>$/.exec(written)?.[1] ?? written).trim().toLowerCase()]
  })

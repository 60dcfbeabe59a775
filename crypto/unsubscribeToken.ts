import { timingSafeEqual } from 'node:crypto'

/** Whose mail it is about. */
export type Subscriber = { districtId: string; userId: string }

/** A keyed hash of a text, 32 bytes, by a key of the district. */
type KeyedHash = (text: string) => Buffer

const idBytes = 16

const toBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')
const toId = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const tokenBytes = 2 * idBytes + 32

/** No address and no number reads like this, so what is looked up by the same key is never a token. */
const toText = ({ districtId, userId }: Subscriber): string => `unsubscribe|mail|${districtId}|${userId}`

/** What a mail carries so that its reader can end such mails without signing in (RFC 8058): whose they are, under the district's key. */
export const toUnsubscribeToken = (hash: KeyedHash, subscriber: Subscriber): string =>
  Buffer.concat([toBytes(subscriber.districtId), toBytes(subscriber.userId), hash(toText(subscriber))]).toString('base64url')

/** Whose it says that it is, before anything is proven; null for what is no token. */
export const readUnsubscribeToken = (token: string): Subscriber | null => {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== tokenBytes || bytes.toString('base64url') !== token) return null
  return { districtId: toId(bytes.subarray(0, idBytes)), userId: toId(bytes.subarray(idBytes, 2 * idBytes)) }
}

/** Whether the district's key made it for this person. */
export const isUnsubscribeToken = (hash: KeyedHash, token: string): boolean => {
  const subscriber = readUnsubscribeToken(token)
  if (subscriber === null) return false
  return timingSafeEqual(Buffer.from(token, 'base64url').subarray(2 * idBytes), hash(toText(subscriber)))
}

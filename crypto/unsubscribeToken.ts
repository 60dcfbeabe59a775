/** Whose mail it is about. */
export type Subscriber = { districtId: string; userId: string }

/** A keyed hash of a text, 32 bytes, by a key of the district. */
type KeyedHash = (text: string) => Buffer

const toBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')

/** No address and no number reads like this, so what is looked up by the same key is never a token. */
const toText = ({ districtId, userId }: Subscriber): string => `unsubscribe|mail|${districtId}|${userId}`

/** What a mail carries so that its reader can end such mails without signing in (RFC 8058): whose they are, under the district's key. */
export const toUnsubscribeToken = (hash: KeyedHash, subscriber: Subscriber): string =>
  Buffer.concat([toBytes(subscriber.districtId), toBytes(subscriber.userId), hash(toText(subscriber))]).toString('base64url')

import { timingSafeEqual } from 'node:crypto'
import type { ColumnCipher } from '../db/districtKeys.ts'
import { nudgeMinutes } from '../domain/nudge.ts'

/** Who was asked about which text for which place: a channel, or a section. Their ids differ, so a token of the one is none of the other. */
export type NudgeSubject = { placeId: string; authorId: string; text: string }

/** `same`: the very text that was asked about. `other`: the author was asked about another text there. `none`: not asked there, not them, or too long ago. */
export type NudgeAnswer = 'same' | 'other' | 'none'

const expiryBytes = 6
const macBytes = 32
const tokenBytes = expiryBytes + 2 * macBytes

/** Keyed by the district's own secret, and for nothing else. Ids may come in either case. */
const toAuthorMac = (cipher: ColumnCipher, { placeId, authorId }: NudgeSubject, expiresAtMs: number): Buffer =>
  cipher.hashForLookup(JSON.stringify(['nudge', 'author', placeId.toLowerCase(), authorId, expiresAtMs]))
const toTextMac = (cipher: ColumnCipher, { placeId, authorId, text }: NudgeSubject, expiresAtMs: number): Buffer =>
  cipher.hashForLookup(JSON.stringify(['nudge', 'text', placeId.toLowerCase(), authorId, expiresAtMs, text]))

/**
 * What lets the author post this text all the same: an HMAC over text, author, place and time. A second one, without the text, lets it be counted that
 * another text was posted in its place, so that no draft is kept anywhere.
 */
export const signNudge = (cipher: ColumnCipher, subject: NudgeSubject, nowMs: number): { token: string; expiresAt: Date } => {
  const expiresAtMs = nowMs + nudgeMinutes * 60_000
  const expiry = Buffer.alloc(expiryBytes)
  expiry.writeUIntBE(expiresAtMs, 0, expiryBytes)
  const token = Buffer.concat([expiry, toAuthorMac(cipher, subject, expiresAtMs), toTextMac(cipher, subject, expiresAtMs)])
  return { token: token.toString('base64url'), expiresAt: new Date(expiresAtMs) }
}

/** What a token says of what is posted now. Whatever is no token of ours is `none`. */
export const readNudge = (cipher: ColumnCipher, token: string | undefined, subject: NudgeSubject, nowMs: number): NudgeAnswer => {
  const bytes = Buffer.from(token ?? '', 'base64url')
  if (bytes.length !== tokenBytes) return 'none'
  const expiresAtMs = bytes.readUIntBE(0, expiryBytes)
  const isOf = (mac: Buffer, start: number): boolean => timingSafeEqual(mac, bytes.subarray(start, start + macBytes))
  if (expiresAtMs <= nowMs || !isOf(toAuthorMac(cipher, subject, expiresAtMs), expiryBytes)) return 'none'
  return isOf(toTextMac(cipher, subject, expiresAtMs), expiryBytes + macBytes) ? 'same' : 'other'
}

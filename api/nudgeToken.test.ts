import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnCipher } from '../db/districtKeys.ts'
import { nudgeMinutes } from '../domain/nudge.ts'
import { readNudge, signNudge } from './nudgeToken.ts'

const cipherOf = (district: string): ColumnCipher => ({
  sealText: () => Buffer.alloc(0),
  openText: () => '',
  hashForLookup: (text) => createHmac('sha256', district).update(text).digest(),
})
const subject = fc.record({ placeId: fc.uuid(), authorId: fc.uuid(), text: fc.string({ unit: 'grapheme', minLength: 1 }) })
const nowMs = 1_800_000_000_000

test('a token answers for its text, author, channel and district, until its time is over, and for nothing else', () => {
  fc.assert(
    fc.property(subject, subject, (asked, other) => {
      fc.pre(asked.text !== other.text && asked.authorId !== other.authorId && asked.placeId !== other.placeId)
      const cipher = cipherOf('one')
      const { token, expiresAt } = signNudge(cipher, asked, nowMs)
      const read = (change: Partial<typeof asked>, at = nowMs) => readNudge(cipher, token, { ...asked, ...change }, at)
      expect(expiresAt.getTime()).toBe(nowMs + nudgeMinutes * 60_000)
      expect(read({})).toBe('same')
      expect(read({ placeId: asked.placeId.toUpperCase() })).toBe('same')
      expect(read({ text: other.text })).toBe('other')
      expect(read({ authorId: other.authorId })).toBe('none')
      expect(read({ placeId: other.placeId })).toBe('none')
      expect(read({}, expiresAt.getTime() - 1)).toBe('same')
      expect(read({}, expiresAt.getTime())).toBe('none')
      expect(readNudge(cipherOf('another'), token, asked, nowMs)).toBe('none')
    }),
  )
})

test('a token of which a bit is changed never answers for the text, nor for longer', () => {
  fc.assert(
    fc.property(subject, fc.nat({ max: 70 * 8 - 1 }), (asked, bit) => {
      const cipher = cipherOf('one')
      const bytes = Buffer.from(signNudge(cipher, asked, nowMs).token, 'base64url')
      expect(bytes).toHaveLength(70)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(readNudge(cipher, bytes.toString('base64url'), asked, nowMs)).not.toBe('same')
    }),
  )
})

test('whatever is no token answers for nothing', () => {
  fc.assert(
    fc.property(subject, fc.option(fc.string(), { nil: undefined }), (asked, token) => {
      expect(readNudge(cipherOf('one'), token, asked, nowMs)).toBe('none')
    }),
  )
})

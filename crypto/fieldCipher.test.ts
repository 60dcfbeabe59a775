import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createLookupHash, FieldUnreadable, openField, sealedEpoch, sealedOverheadBytes, sealField } from './fieldCipher.ts'
import type { FieldContext } from './fieldCipher.ts'

const key = randomBytes(32)
const context: FieldContext = { districtId: 'd1', table: 'message', rowId: 'r1', column: 'text' }
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const anyContext = fc.record({ districtId: fc.string(), table: fc.string(), rowId: fc.string(), column: fc.string() })

describe('a sealed field', () => {
  test('opens to what was sealed, for the same cell and epoch', () => {
    fc.assert(
      fc.property(bytes, anyContext, fc.nat({ max: 0xffff_ffff }), (plaintext, cell, epoch) => {
        const sealed = sealField({ epoch, key }, cell, plaintext)
        expect(sealedEpoch(sealed)).toBe(epoch)
        expect(sealed).toHaveLength(plaintext.length + sealedOverheadBytes)
        expect(openField((asked) => (asked === epoch ? key : randomBytes(32)), cell, sealed)).toEqual(plaintext)
      }),
    )
  })

  test('does not open for any other cell', () => {
    fc.assert(
      fc.property(anyContext, anyContext, (cell, other) => {
        fc.pre(JSON.stringify(cell) !== JSON.stringify(other))
        const sealed = sealField({ epoch: 1, key }, cell, Buffer.from('x'))
        expect(() => openField(() => key, other, sealed)).toThrow(FieldUnreadable)
      }),
    )
  })

  test.each(['districtId', 'table', 'rowId', 'column'] as const)('does not open where only the %s differs', (part) => {
    const sealed = sealField({ epoch: 1, key }, context, Buffer.from('x'))
    expect(() => openField(() => key, { ...context, [part]: 'another' }, sealed)).toThrow(FieldUnreadable)
  })

  test('does not open when text moves from one part of the context to the next', () => {
    const sealed = sealField({ epoch: 1, key }, { ...context, table: 'ab', rowId: 'c' }, Buffer.from('x'))
    expect(() => openField(() => key, { ...context, table: 'a', rowId: 'bc' }, sealed)).toThrow(FieldUnreadable)
  })

  test('does not open when one bit, anywhere, is flipped', () => {
    const sealed = sealField({ epoch: 7, key }, context, Buffer.from('hello'))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const tampered = Buffer.from(sealed)
      tampered.writeUInt8(tampered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => openField(() => key, context, tampered)).toThrow(FieldUnreadable)
    }
  })

  test('does not open under another key, nor when cut short', () => {
    const sealed = sealField({ epoch: 1, key }, context, Buffer.from('hello'))
    expect(() => openField(() => randomBytes(32), context, sealed)).toThrow(FieldUnreadable)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openField(() => key, context, sealed.subarray(0, length))).toThrow(FieldUnreadable)
    }
  })

  test('never repeats a nonce for the same text', () => {
    const nonces = Array.from({ length: 1_000 }, () => sealField({ epoch: 1, key }, context, Buffer.from('x')).toString('hex', 5, 17))
    expect(new Set(nonces).size).toBe(1_000)
  })

  test('refuses a key of the wrong size and an epoch that does not fit', () => {
    expect(() => sealField({ epoch: 1, key: randomBytes(16) }, context, Buffer.alloc(0))).toThrow(RangeError)
    for (const epoch of [-1, 1.5, 2 ** 32, Number.NaN])
      expect(() => sealField({ epoch, key }, context, Buffer.alloc(0))).toThrow(RangeError)
  })
})

// RFC 4231 has no 32-byte key, so the expected value was made with: openssl dgst -sha256 -mac HMAC -macopt hexkey:0b…0b
test('a look-up hash is HMAC-SHA-256 over UTF-8', () => {
  expect(createLookupHash(Buffer.alloc(32, 0x0b))('Hi There').toString('hex')).toBe(
    '198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7',
  )
  expect(() => createLookupHash(Buffer.alloc(20))).toThrow(RangeError)
})

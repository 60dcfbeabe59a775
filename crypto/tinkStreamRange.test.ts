import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { ByteRange } from '../domain/ports.ts'
import { sampleBytes } from '../test/crypto/sampleBytes.ts'
import { createEncryptStream } from './tinkStreamEncrypt.ts'
import { ciphertextBytes, segmentBytes, StreamUnreadable } from './tinkStreamFormat.ts'
import { decryptRange } from './tinkStreamRange.ts'
import type { EncryptedObject } from './tinkStreamRange.ts'

const key = randomBytes(32)
const associatedData = Buffer.from('object 1')
const plaintext = sampleBytes(300_000)
const ciphertext = await buffer(Readable.from([plaintext]).compose(createEncryptStream(key, associatedData)))

/** The object as its row describes it, over a store that holds `stored` and gives it in chunks. Notes what is asked for. */
const objectOver = (stored: Buffer, asked: ByteRange[] = []): EncryptedObject => ({
  key,
  associatedData,
  ciphertextBytes: ciphertext.length,
  readCiphertext: async (range) => {
    asked.push(range)
    const part = stored.subarray(range.first, range.last + 1)
    return Readable.from(Array.from({ length: Math.ceil(part.length / 10_000) }, (_, at) => part.subarray(at * 10_000, (at + 1) * 10_000)))
  },
})

const offset = fc.oneof(
  fc.nat({ max: plaintext.length - 1 }),
  fc.constantFrom(0, 65_479, 65_480, 130_999, 131_000, 196_519, 196_520, 262_039, 262_040, 299_999),
)
const anyRange = fc.tuple(offset, offset).map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }))

describe('a range', () => {
  test('is exactly the slice of the plaintext', async () => {
    await fc.assert(
      fc.asyncProperty(anyRange, async (range) => {
        const read = await buffer(decryptRange(objectOver(ciphertext), range))
        expect(read.equals(plaintext.subarray(range.first, range.last + 1))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('reads the header and the segments that hold it, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyRange, async (range) => {
        const asked: ByteRange[] = []
        await buffer(decryptRange(objectOver(ciphertext, asked), range))
        const [from, to] = [range.first, range.last].map((at) => Math.floor((at + 40) / (segmentBytes - 16))) as [number, number]
        const segments = { first: from * segmentBytes, last: Math.min((to + 1) * segmentBytes, ciphertext.length) - 1 }
        expect(asked).toEqual(from === 0 ? [segments] : [{ first: 0, last: 39 }, segments])
      }),
      { numRuns: 60 },
    )
  })

  test('outside the object is refused before anything is read', () => {
    const asked: ByteRange[] = []
    for (const range of [
      { first: -1, last: 5 },
      { first: 5, last: 4 },
      { first: 0, last: 300_000 },
      { first: 0.5, last: 3 },
      { first: 0, last: Number.NaN },
    ]) {
      expect(() => decryptRange(objectOver(ciphertext, asked), range)).toThrow(RangeError)
    }
    expect(asked).toEqual([])
  })

  test('with a flipped bit in its header or segments is refused, and gives nothing of the segment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1, 39, 40, 65_535, segmentBytes, 2 * segmentBytes, ciphertext.length - 1), async (at) => {
        const tampered = Buffer.from(ciphertext)
        tampered.writeUInt8(tampered.readUInt8(at) ^ 1, at)
        let given = 0
        const read = decryptRange(objectOver(tampered), { first: 0, last: plaintext.length - 1 })
        read.on('data', (chunk: Buffer) => (given += chunk.length))
        await expect(once(read, 'end')).rejects.toThrow(StreamUnreadable)
        const segment = Math.floor(at / segmentBytes)
        expect(given).toBeLessThanOrEqual(Math.max(0, segment * (segmentBytes - 16) - 40))
      }),
    )
  })

  test('from a store that gives less or more than was asked for is refused', async () => {
    const short = objectOver(ciphertext.subarray(0, -1))
    await expect(buffer(decryptRange(short, { first: 299_999, last: 299_999 }))).rejects.toThrow(StreamUnreadable)
    const long = { ...objectOver(ciphertext), readCiphertext: async () => Readable.from([ciphertext]) }
    await expect(buffer(decryptRange(long, { first: 0, last: 10 }))).rejects.toThrow(StreamUnreadable)
  })

  test('of an object cut between segments is refused even when its size was changed to fit', async () => {
    const cut = ciphertext.subarray(0, 2 * segmentBytes)
    const object = { ...objectOver(cut), ciphertextBytes: cut.length }
    await expect(buffer(decryptRange(object, { first: 130_000, last: 130_001 }))).rejects.toThrow(StreamUnreadable)
    expect(() => decryptRange({ ...object, ciphertextBytes: cut.length + 5 }, { first: 0, last: 1 })).toThrow(StreamUnreadable)
  })

  test('moved to the place of another segment is refused', async () => {
    const moved = Buffer.from(ciphertext)
    ciphertext.copy(moved, segmentBytes, 2 * segmentBytes, 3 * segmentBytes)
    await expect(buffer(decryptRange(objectOver(moved), { first: 70_000, last: 70_001 }))).rejects.toThrow(StreamUnreadable)
  })

  test('of other associated data or under another key is refused', async () => {
    const range = { first: 0, last: 1 }
    await expect(buffer(decryptRange({ ...objectOver(ciphertext), key: randomBytes(32) }, range))).rejects.toThrow(StreamUnreadable)
    await expect(buffer(decryptRange({ ...objectOver(ciphertext), associatedData: Buffer.from('object 2') }, range))).rejects.toThrow(
      StreamUnreadable,
    )
  })

  test('whose store cannot be reached fails with the error of the store', async () => {
    const object = { ...objectOver(ciphertext), readCiphertext: () => Promise.reject(new Error('connection refused')) }
    await expect(buffer(decryptRange(object, { first: 0, last: 1 }))).rejects.toThrow('connection refused')
  })

  test('closes the stream of the store when the reader goes away, also in the middle of a wait', async () => {
    const stalled = new Readable({ read() {} })
    const object = { ...objectOver(ciphertext), readCiphertext: async () => stalled }
    const read = decryptRange(object, { first: 0, last: 200_000 })
    read.resume()
    stalled.push(ciphertext.subarray(0, 100_000))
    await once(read, 'data')
    read.destroy()
    await once(stalled, 'close')
    expect(stalled.destroyed).toBe(true)
  })

  test('closes a stream of the store that opens after the reader went away', async () => {
    const late = Promise.withResolvers<Readable>()
    const read = decryptRange({ ...objectOver(ciphertext), readCiphertext: () => late.promise }, { first: 0, last: 5 })
    read.resume()
    await new Promise(setImmediate)
    read.destroy()
    const stream = new Readable({ read() {} })
    late.resolve(stream)
    await once(stream, 'close')
    expect(stream.destroyed).toBe(true)
  })

  test('takes no more from the store than a slow reader leaves room for', async () => {
    const size = 20 * 1024 * 1024
    const large = await buffer(Readable.from([Buffer.alloc(size)]).compose(createEncryptStream(key, associatedData)))
    let taken = 0
    const source = (range: ByteRange): Readable =>
      Readable.from(
        (function* () {
          for (let at = range.first; at <= range.last; at += 16_384) {
            taken += 16_384
            yield large.subarray(at, Math.min(at + 16_384, range.last + 1))
          }
        })(),
        { highWaterMark: 1 },
      )
    const object = {
      key,
      associatedData,
      ciphertextBytes: ciphertextBytes(size),
      readCiphertext: async (range: ByteRange) => source(range),
    }
    const read = decryptRange(object, { first: 0, last: size - 1 })
    await once(read, 'readable')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(taken).toBeLessThan(6 * segmentBytes)
    read.destroy()
  })
})

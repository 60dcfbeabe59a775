import fc from 'fast-check'
import { createHash, randomBytes } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { sampleBytes } from '../test/crypto/sampleBytes.ts'
import { createDecryptStream } from './tinkStreamDecrypt.ts'
import { createEncryptStream } from './tinkStreamEncrypt.ts'
import {
  ciphertextBytes,
  deriveSegmentCipher,
  fullSegmentBytes,
  headerBytes,
  plaintextBytes,
  segmentBytes,
  StreamUnreadable,
  tagBytes,
} from './tinkStreamFormat.ts'
import tinkVectors from './tinkVectors.json' with { type: 'json' }

const key = randomBytes(32)
const associatedData = Buffer.from('object 1')
// Segment 0 holds 65,480 bytes, every later one 65,520.
const edges = [0, 1, 65_479, 65_480, 65_481, 131_000, 131_001, 196_520, 196_521]

/** The bytes in chunks of changing sizes, as a network would give them. */
const inChunks = (bytes: Buffer, sizes: readonly number[]): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] as number
        yield bytes.subarray(at, at + size)
        at += size
      }
    })(),
  )

const encrypt = (plaintext: Buffer, sizes: readonly number[] = [50_000]): Promise<Buffer> =>
  buffer(inChunks(plaintext, sizes).compose(createEncryptStream(key, associatedData)))
const decrypt = (ciphertext: Buffer, sizes: readonly number[] = [50_000]): Promise<Buffer> =>
  buffer(inChunks(ciphertext, sizes).compose(createDecryptStream(key, associatedData)))

describe('the format', () => {
  test.each(tinkVectors.vectors)('is the one Tink writes for $plaintextBytes bytes', async (vector) => {
    const [vectorKey, bound, header] = [vector.key, vector.associatedData, vector.header].map((hex) => Buffer.from(hex, 'hex')) as [
      Buffer,
      Buffer,
      Buffer,
    ]
    const plaintext = sampleBytes(vector.plaintextBytes)
    const cipher = deriveSegmentCipher(vectorKey, bound, header)
    const parts = [header]
    for (let at = 0, segment = 0; segment === 0 || at < plaintext.length; segment++) {
      const end = at + fullSegmentBytes(segment) - tagBytes
      parts.push(...cipher.seal(segment, end >= plaintext.length, plaintext.subarray(at, end)))
      at = end
    }
    const ciphertext = Buffer.concat(parts)
    expect(createHash('sha256').update(ciphertext).digest('hex')).toBe(vector.ciphertextSha256)
    expect(ciphertext.toString('hex')).toBe(vector.ciphertext ?? ciphertext.toString('hex'))
    expect(await buffer(Readable.from([ciphertext]).compose(createDecryptStream(vectorKey, bound)))).toEqual(plaintext)
  })

  test('sizes are known before and after', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 40 }), (size) => plaintextBytes(ciphertextBytes(size)) === size))
    for (const size of edges) expect(plaintextBytes(ciphertextBytes(size))).toBe(size)
    for (const size of [0, 39, 55, segmentBytes + 1, segmentBytes + tagBytes]) expect(() => plaintextBytes(size)).toThrow(StreamUnreadable)
    for (const size of [-1, 0.5, Number.NaN, 2 ** 60]) expect(() => ciphertextBytes(size)).toThrow(RangeError)
  })
})

describe('a stream', () => {
  test.each(edges)('of %d bytes comes back as it went in', async (size) => {
    const plaintext = sampleBytes(size)
    const ciphertext = await encrypt(plaintext)
    expect(ciphertext).toHaveLength(ciphertextBytes(size))
    expect(await decrypt(ciphertext)).toEqual(plaintext)
  })

  test('comes back the same however it is cut into chunks', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 60_000, max: 140_000 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), sizes, sizes, async (size, writes, reads) => {
        const plaintext = sampleBytes(size)
        expect((await decrypt(await encrypt(plaintext, writes), reads)).equals(plaintext)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('encrypted twice shares no segment', async () => {
    const [one, other] = await Promise.all([encrypt(sampleBytes(100)), encrypt(sampleBytes(100))])
    expect(one?.subarray(1, headerBytes)).not.toEqual(other?.subarray(1, headerBytes))
    expect(one?.subarray(headerBytes)).not.toEqual(other?.subarray(headerBytes))
  })

  test('is refused when one bit, anywhere, is flipped', async () => {
    const ciphertext = await encrypt(sampleBytes(20))
    for (let bit = 0; bit < ciphertext.length * 8; bit++) await expect(decrypt(flipBit(ciphertext, bit))).rejects.toThrow(StreamUnreadable)
    const large = await encrypt(sampleBytes(196_521))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: large.length * 8 - 1 }), async (bit) => {
        await expect(decrypt(flipBit(large, bit))).rejects.toThrow(StreamUnreadable)
      }),
      { numRuns: 60 },
    )
  })

  test('is refused when cut short, also exactly between segments', async () => {
    const ciphertext = await encrypt(sampleBytes(196_520))
    const ends = [0, 1, 39, 40, 41, 55, 56, segmentBytes - 1, segmentBytes, segmentBytes + 1, 2 * segmentBytes, ciphertext.length - 1]
    for (const end of ends) await expect(decrypt(ciphertext.subarray(0, end))).rejects.toThrow(StreamUnreadable)
  })

  test('is refused when segments are swapped, repeated, left out or added', async () => {
    const ciphertext = await encrypt(sampleBytes(196_520 + 65_520))
    const segments = Array.from({ length: 4 }, (_, at) => ciphertext.subarray(at * segmentBytes, (at + 1) * segmentBytes)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ]
    const [a, b, c, d] = segments
    for (const order of [
      [a, c, b, d],
      [a, b, b, d],
      [a, c, d],
      [a, d],
      [a, b, c, d, d],
      [a, b, d, c],
      [b, c, d],
    ]) {
      await expect(decrypt(Buffer.concat(order))).rejects.toThrow(StreamUnreadable)
    }
    expect(await decrypt(Buffer.concat(segments))).toHaveLength(196_520 + 65_520)
  })

  test('is refused under another key or other associated data', async () => {
    const ciphertext = await encrypt(sampleBytes(100))
    const wrong = [
      createDecryptStream(randomBytes(32), associatedData),
      createDecryptStream(key, Buffer.from('object 2')),
      createDecryptStream(key, Buffer.alloc(0)),
    ]
    for (const stream of wrong) await expect(buffer(Readable.from([ciphertext]).compose(stream))).rejects.toThrow(StreamUnreadable)
    expect(() => createEncryptStream(randomBytes(16), associatedData)).toThrow(RangeError)
  })

  test('releases nothing of a segment that does not authenticate', async () => {
    const plaintext = sampleBytes(150_000)
    const ciphertext = flipBit(await encrypt(plaintext), segmentBytes * 8)
    const released: Buffer[] = []
    const sink = new Writable({ write: (chunk: Buffer, _encoding, done) => (released.push(chunk), done()) })
    await expect(pipeline(inChunks(ciphertext, [7_000]), createDecryptStream(key, associatedData), sink)).rejects.toThrow(StreamUnreadable)
    expect(plaintext.subarray(0, 65_480).equals(Buffer.concat(released).subarray(0, 65_480))).toBe(true)
    expect(Buffer.concat(released).length).toBeLessThanOrEqual(65_480)
  })

  test('takes no more from its source than a slow reader leaves room for', async () => {
    const source = { taken: 0 }
    const endless = Readable.from(
      (function* () {
        for (;;) {
          source.taken += 16_384
          yield Buffer.alloc(16_384)
        }
      })(),
      { highWaterMark: 1 },
    )
    const encrypted = endless.pipe(createEncryptStream(key, associatedData))
    encrypted.on('readable', () => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(source.taken).toBeLessThan(6 * segmentBytes)
    endless.destroy()
    encrypted.destroy()
  })
})

const flipBit = (bytes: Buffer, bit: number): Buffer => {
  const flipped = Buffer.from(bytes)
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return flipped
}

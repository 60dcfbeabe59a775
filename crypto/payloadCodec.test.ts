import type { Payload } from '@temporalio/common'
import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPayloadCodec, isEncrypted, PayloadUnreadable } from './payloadCodec.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const codec = createPayloadCodec({
  current: 'new',
  keys: new Map([
    ['old', oldKey],
    ['new', newKey],
  ]),
})
const payload: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"attachmentId":"a-known-word"}') }

const isSame = (a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean =>
  Buffer.from(a ?? []).equals(Buffer.from(b ?? []))

const same = (one: Payload | undefined, other: Payload): boolean => {
  const names = Object.keys(other.metadata ?? {})
  return (
    isSame(one?.data, other.data) &&
    Object.keys(one?.metadata ?? {}).length === names.length &&
    names.every((name) => isSame(one?.metadata?.[name], other.metadata?.[name]))
  )
}

describe('the payload codec', () => {
  test('gives back every payload, with its metadata, in order', async () => {
    const bytes = fc.uint8Array({ maxLength: 100 })
    const anyPayload: fc.Arbitrary<Payload> = fc.record({ metadata: fc.dictionary(fc.string(), bytes), data: bytes })
    await fc.assert(
      fc.asyncProperty(fc.array(anyPayload, { maxLength: 5 }), async (payloads) => {
        const decoded = await codec.decode(await codec.encode(payloads))
        return decoded.length === payloads.length && payloads.every((each, at) => same(decoded[at], each))
      }),
    )
  })

  test('lets nothing of a payload or its encoding through', async () => {
    const [encoded] = await codec.encode([payload])
    const wire = JSON.stringify(encoded, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    expect(wire).not.toContain('a-known-word')
    expect(wire).not.toContain('json/plain')
    expect(isEncrypted(encoded as Payload)).toBe(true)
  })

  test('reads what an older key encrypted, and writes under the current one', async () => {
    const before = createPayloadCodec({ current: 'old', keys: new Map([['old', oldKey]]) })
    const [encoded] = await before.encode([payload])
    const [decoded] = await codec.decode([encoded as Payload])
    expect(same(decoded, payload)).toBe(true)
    const [now] = await codec.encode([payload])
    await expect(before.decode([now as Payload])).rejects.toThrow(PayloadUnreadable)
  })

  test('refuses what is not encrypted', async () => {
    await expect(codec.decode([payload])).rejects.toThrow(PayloadUnreadable)
    await expect(codec.decode([{}])).rejects.toThrow(PayloadUnreadable)
  })

  test('refuses a payload with one bit changed, cut short, or under the id of another key', async () => {
    const [encoded] = (await codec.encode([payload])) as [Payload]
    const data = Buffer.from(encoded.data as Uint8Array)
    for (let bit = 0; bit < data.length * 8; bit++) {
      const tampered = Buffer.from(data)
      tampered.writeUInt8(tampered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      await expect(codec.decode([{ ...encoded, data: tampered }])).rejects.toThrow(PayloadUnreadable)
    }
    for (const length of [0, 5, 27, data.length - 1]) {
      await expect(codec.decode([{ ...encoded, data: data.subarray(0, length) }])).rejects.toThrow(PayloadUnreadable)
    }
    const twin = createPayloadCodec({ current: 'twin', keys: new Map([['twin', newKey]]) })
    const renamed = { ...encoded, metadata: { ...encoded.metadata, 'encryption-key-id': Buffer.from('twin') } }
    await expect(twin.decode([renamed])).rejects.toThrow(PayloadUnreadable)
  })

  test('does not start with a ring that lacks its current key or holds a short one', () => {
    expect(() => createPayloadCodec({ current: 'gone', keys: new Map([['old', oldKey]]) })).toThrow(RangeError)
    expect(() => createPayloadCodec({ current: 'old', keys: new Map([['old', randomBytes(16)]]) })).toThrow(RangeError)
  })
})

import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { DownloadCut, guardStream, type StreamGuard } from './guardStream.ts'

const pieces = (count: number) => Readable.from(Array.from({ length: count }, () => Buffer.alloc(10, 7)))
const roomy: StreamGuard = { isStillAllowed: () => Promise.resolve(true), bytesPerDecision: 1_000, decisionMs: 60_000, stallMs: 60_000 }

const collect = async (stream: ReadableStream<Uint8Array>): Promise<{ bytes: number; error?: unknown }> => {
  let bytes = 0
  try {
    for await (const chunk of stream) bytes += chunk.length
  } catch (error) {
    return { bytes, error }
  }
  return { bytes }
}

test('a reader whose access stands gets every byte', async () => {
  expect(await collect(guardStream(pieces(20), roomy))).toEqual({ bytes: 200 })
})

test('no decision lets through more bytes than it may', async () => {
  let decisions = 0
  const isStillAllowed = () => Promise.resolve((decisions += 1) > 0)
  await collect(guardStream(pieces(20), { ...roomy, isStillAllowed, bytesPerDecision: 50 }))
  expect(decisions).toBe(3)
})

test('a reader who loses access in the middle gets a torn stream and nothing after it', async () => {
  const source = pieces(20)
  const result = await collect(guardStream(source, { ...roomy, isStillAllowed: () => Promise.resolve(false), bytesPerDecision: 50 }))
  expect(result.bytes).toBe(50)
  expect(result.error).toBeInstanceOf(DownloadCut)
  expect(source.destroyed).toBe(true)
})

test('a decision grows old by time too', async () => {
  const result = await collect(guardStream(pieces(20), { ...roomy, isStillAllowed: () => Promise.resolve(false), decisionMs: 0 }))
  expect(result.bytes).toBe(0)
  expect(result.error).toBeInstanceOf(DownloadCut)
})

test('when access cannot be confirmed, the download ends: an outage is never a yes', async () => {
  const away: StreamGuard = { ...roomy, isStillAllowed: () => Promise.reject(new Error('database away')), bytesPerDecision: 50 }
  const result = await collect(guardStream(pieces(20), away))
  expect(result.bytes).toBe(50)
  expect(result.error).toBeInstanceOf(DownloadCut)
})

test('a broken source breaks the answer, it never shortens it', async () => {
  const source = Readable.from(
    (async function* () {
      yield Buffer.alloc(10)
      throw new Error('store away')
    })(),
  )
  expect((await collect(guardStream(source, roomy))).error).toBeInstanceOf(Error)
})

test('a reader who goes away or stalls lets go of the store', async () => {
  const left = pieces(20)
  const stream = guardStream(left, roomy)
  const reader = stream.getReader()
  await reader.read()
  await reader.cancel()
  expect(left.destroyed).toBe(true)

  const stalled = pieces(20)
  const slow = guardStream(stalled, { ...roomy, stallMs: 10 }).getReader()
  await slow.read()
  await expect.poll(() => stalled.destroyed).toBe(true)
  await expect(slow.read()).rejects.toBeInstanceOf(DownloadCut)
})

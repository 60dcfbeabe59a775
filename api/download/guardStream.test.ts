import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { DownloadCut, guardStream, type StreamGuard } from './guardStream.ts'

const pieces = (count: number) => Readable.from(Array.from({ length: count }, () => Buffer.alloc(10, 7)))
const roomy = {
  decidedAt: performance.now(),
  isStillAllowed: () => Promise.resolve(true),
  bytesPerDecision: 1_000,
  decisionMs: 60_000,
  stallMs: 60_000,
}

/** What reaches a receiver before the stream ends or its connection is torn. */
const receive = async (source: Readable, guard: Omit<StreamGuard, 'tear'>): Promise<{ bytes: number; torn?: unknown }> => {
  const torn = Promise.withResolvers<{ torn: unknown }>()
  const reader = guardStream(source, { ...guard, tear: (fault) => torn.resolve({ torn: fault }) }).getReader()
  let bytes = 0
  for (;;) {
    const next = await Promise.race([reader.read(), torn.promise])
    if ('torn' in next) return { bytes, ...next }
    if (next.done) return { bytes }
    bytes += next.value.length
  }
}

test('a reader whose access stands gets every byte', async () => {
  expect(await receive(pieces(20), roomy)).toEqual({ bytes: 200 })
})

test('no decision lets through more bytes than it may', async () => {
  let decisions = 0
  const isStillAllowed = () => Promise.resolve((decisions += 1) > 0)
  await receive(pieces(20), { ...roomy, isStillAllowed, bytesPerDecision: 50 })
  expect(decisions).toBe(3)
})

test('a reader who loses access in the middle is cut off and gets nothing after it', async () => {
  const source = pieces(20)
  const result = await receive(source, { ...roomy, isStillAllowed: () => Promise.resolve(false), bytesPerDecision: 50 })
  expect(result).toEqual({ bytes: 50, torn: expect.any(DownloadCut) })
  expect(source.destroyed).toBe(true)
})

test('a decision grows old by time too', async () => {
  const result = await receive(pieces(20), { ...roomy, isStillAllowed: () => Promise.resolve(false), decisionMs: 0 })
  expect(result).toEqual({ bytes: 0, torn: expect.any(DownloadCut) })
})

test('a decision ages while the store is asked for the first bytes', async () => {
  const decidedLongAgo = { ...roomy, decidedAt: performance.now() - 60_000, isStillAllowed: () => Promise.resolve(false) }
  expect(await receive(pieces(20), decidedLongAgo)).toEqual({ bytes: 0, torn: expect.any(DownloadCut) })
})

test('when access cannot be confirmed, the download ends: an outage is never a yes', async () => {
  const away = { ...roomy, isStillAllowed: () => Promise.reject(new Error('database away')), bytesPerDecision: 50 }
  expect(await receive(pieces(20), away)).toEqual({ bytes: 50, torn: expect.any(DownloadCut) })
})

test('a broken source breaks the connection, it never shortens the file', async () => {
  const source = Readable.from(
    (async function* () {
      yield Buffer.alloc(10)
      throw new Error('store away')
    })(),
  )
  expect(await receive(source, roomy)).toEqual({ bytes: 10, torn: expect.any(Error) })
})

test('a reader who goes away or stalls lets go of the store', async () => {
  const left = pieces(20)
  const reader = guardStream(left, { ...roomy, tear: () => undefined }).getReader()
  await reader.read()
  await reader.cancel()
  expect(left.destroyed).toBe(true)

  const stalled = pieces(20)
  const torn = Promise.withResolvers<unknown>()
  await guardStream(stalled, { ...roomy, stallMs: 10, tear: torn.resolve })
    .getReader()
    .read()
  expect(await torn.promise).toBeInstanceOf(DownloadCut)
  expect(stalled.destroyed).toBe(true)
})

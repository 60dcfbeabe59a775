import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { fileLetter } from './fakeClamd.ts'
import { atEnd, chunks, countSockets, kib, openScanBench, settleScan, type ScanBench } from './scanBench.ts'

const ok = atEnd('stream: OK\0')

/** One chunk of the file, then whatever `then` does. */
const begun = (then: (body: Readable) => void = () => {}): Readable => {
  const body = new Readable({ read() {} })
  body.push(Buffer.alloc(kib, fileLetter))
  setTimeout(() => then(body), 20)
  return body
}

/** Byte after byte, for ever. */
const drip = (): Readable =>
  Readable.from(
    (async function* () {
      for (;;) {
        await sleep(20)
        yield Buffer.alloc(1, fileLetter)
      }
    })(),
  )

const expectNoVerdict = async ({ engine, scanner }: ScanBench, body: Readable, bytes: number): Promise<Error> => {
  const settled = await settleScan(scanner, body, bytes)
  expect(settled).toEqual({ error: expect.any(Error) })
  expect(body.destroyed).toBe(true)
  scanner.close()
  await expect.poll(() => engine.openSockets()).toBe(0)
  return (settled as { error: Error }).error
}

describe('a source fault is never a verdict, and leaves no connection', () => {
  test.each([
    ['shorter than it was said to be', () => chunks(3), 4 * kib, { name: 'ScanSourceBroken' }],
    ['longer than it was said to be', () => chunks(5), 4 * kib, { name: 'ScanSourceBroken' }],
    ['empty', () => Readable.from([]), 0, { name: 'RangeError' }],
    ['empty, and said to have a byte', () => Readable.from([]), 1, { name: 'ScanSourceBroken' }],
    ['of nothing but empty chunks', () => Readable.from([Buffer.alloc(0), Buffer.alloc(0)]), 1, { name: 'ScanSourceBroken' }],
    ['destroyed without an error', () => begun((body) => body.destroy()), 2 * kib, { name: 'ScanSourceBroken' }],
    ['destroyed before it is read', () => chunks(1).destroy(), kib, { name: 'ScanSourceBroken' }],
    ['that fails', () => begun((body) => body.destroy(new Error('the store hung up'))), 2 * kib, { message: 'the store hung up' }],
    ['that ends in mid-file', () => begun((body) => void body.push(null)), 2 * kib, { name: 'ScanSourceBroken' }],
  ] as const)('a stream %s', async (_name, open, bytes, error) => {
    expect(await expectNoVerdict(await openScanBench(ok), open(), bytes)).toMatchObject(error)
  })

  test('a stream that stalls ends with the deadline, and is not the doing of the engine', async () => {
    const bench = await openScanBench(ok, { deadlineMs: 1_000 })
    expect(await expectNoVerdict(bench, begun(), 2 * kib)).toMatchObject({ name: 'ScanSourceBroken' })
  })

  test('so does one that drips, and one whose caller has less time', async () => {
    const bench = await openScanBench(ok, { deadlineMs: 1_000 })
    expect(await expectNoVerdict(bench, drip(), 2_000 * kib)).toMatchObject({ name: 'ScanSourceBroken' })
    const patient = await openScanBench(ok)
    const late = patient.scanner.scan(drip(), { bytes: 2_000 * kib, signal: AbortSignal.timeout(1_000) })
    await expect(late).rejects.toMatchObject({ name: 'ScanSourceBroken' })
  })

  test('an engine that gives no verdict in the time of the caller has interrupted the file', async () => {
    const { scanner } = await openScanBench(() => {})
    const scanned = scanner.scan(chunks(4), { bytes: 4 * kib, signal: AbortSignal.timeout(1_000) })
    await expect(scanned).rejects.toMatchObject({ name: 'ScanInterrupted' })
  })

  test('a caller that gives up gets its own reason', async () => {
    const { engine, scanner } = await openScanBench(() => {})
    const caller = new AbortController()
    const body = chunks(4)
    const scanned = scanner.scan(body, { bytes: 4 * kib, signal: caller.signal })
    setTimeout(() => caller.abort(new Error('cancelled')), 50)
    await expect(scanned).rejects.toThrow('cancelled')
    expect(body.destroyed).toBe(true)
    scanner.close()
    await expect.poll(() => engine.openSockets()).toBe(0)
  })

  test('twenty faults leave as many sockets as one', async () => {
    const { scanner } = await openScanBench(ok)
    const failOnce = (): Promise<unknown> => settleScan(scanner, begun(breakOff), 2 * kib)
    await failOnce()
    await settle(scanner)
    const socketsBefore = countSockets()
    for (let round = 0; round < 20; round += 1) await failOnce()
    await settle(scanner)
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
  })
})

const breakOff = (body: Readable): void => void body.destroy(new Error('the store hung up'))

/** A scan that succeeds, behind which nothing of earlier ones should be under way. */
const settle = async (scanner: ClamdScanner): Promise<void> => {
  expect(await settleScan(scanner, chunks(1), kib)).toHaveProperty('answer')
}

import { afterAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { engineFaults } from './engineFaults.ts'
import { fileLetter } from './fakeClamd.ts'
import { atEnd, chunks, countSockets, kib, openScanBench, settleScan } from './scanBench.ts'
import { showTable } from '../support/showTable.ts'

const fileChunks = 64
/** Injected; production has 180 s. */
const deadlineMs = { fault: 30_000, deadline: 1_000 } as const
/** What the deadline may be overrun by until everything is settled. */
const settleWithinMs = 5_000

/** The second half of the file comes when the engine has had time to answer the first. */
const slowFile = (): Readable =>
  Readable.from(
    (async function* () {
      for (let sent = 0; sent < fileChunks; sent += 1) {
        if (sent === fileChunks / 2) await sleep(20)
        yield Buffer.alloc(kib, fileLetter)
      }
    })(),
  )

const seen: { engine: string; ends: string; 'ended by': string; ms: number; 'sockets more': number }[] = []
afterAll(() => showTable(seen))

describe('an engine fault is never a verdict, settles by its deadline, and leaves no socket at either end', () => {
  test.each(Object.entries(engineFaults))('engine that %s', async (name, { fault, by, as }) => {
    const socketsBefore = countSockets()
    const { engine, scanner } = await openScanBench(fault, { deadlineMs: deadlineMs[by] })
    const body = slowFile()
    const startedAt = performance.now()
    const settled = await settleScan(scanner, body, fileChunks * kib)
    const tookMs = performance.now() - startedAt
    expect(settled).toEqual({ error: expect.objectContaining({ name: as }) })
    expect(tookMs).toBeLessThan(deadlineMs[by] + settleWithinMs)
    expect(body.destroyed).toBe(true)
    expect(engine.state.scans).toBe(1)
    scanner.close()
    await expect.poll(() => engine.openSockets()).toBe(0)
    await engine.stop()
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
    seen.push({ engine: name, ends: as, 'ended by': by, ms: Math.round(tookMs), 'sockets more': 0 })
  })

  test('nobody listens', async () => {
    const { engine } = await openScanBench(atEnd('stream: OK\0'))
    await engine.stop()
    const socketsBefore = countSockets()
    const scanner = createClamdScanner({ host: engine.host, port: engine.port })
    expect(await settleScan(scanner, chunks(1), kib)).toEqual({ error: expect.objectContaining({ name: 'ScannerUnavailable' }) })
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
  })

  test('an engine that took no harm is asked again after each fault, and answers', async () => {
    const { engine, scanner } = await openScanBench(atEnd('stream: OK\0'))
    for (const { fault, by } of Object.values(engineFaults)) {
      if (by === 'deadline') continue
      engine.state.fault = fault
      await settleScan(scanner, slowFile(), fileChunks * kib)
      engine.state.fault = atEnd('stream: OK\0')
      expect(await settleScan(scanner, chunks(1), kib)).toEqual({ answer: expect.objectContaining({ result: 'ok' }) })
    }
  })
})

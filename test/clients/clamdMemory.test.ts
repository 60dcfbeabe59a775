import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, inject, test } from 'vitest'
import type { EngineFault } from './fakeClamd.ts'
import { openScanBench } from './scanBench.ts'
import { showTable } from '../support/showTable.ts'

const run = promisify(execFile)
const mebibyte = 1024 * 1024
const growthMaxMebibytes = 16

type Scanned = { ends: string[]; grewBytes: number }

/** In a process of its own, which has nothing else in memory that could grow. */
const scanLargest = async (port: number, deadlineMs: number): Promise<Scanned> => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'scanMemoryMain.ts'), String(port), String(deadlineMs)])
  return JSON.parse(stdout) as Scanned
}

const answerOk: EngineFault = (socket, { ended }) => void (ended && socket.end('stream: OK\0'))
const slow: EngineFault = (socket, stream) => {
  if (stream.ended) return answerOk(socket, stream)
  socket.pause()
  void sleep(1).then(() => socket.resume())
}
const stalled: EngineFault = (socket, { bytes }) => void (bytes > mebibyte && socket.pause())

const engines: Readonly<Record<string, { fault: EngineFault; deadlineMs: number; ends: string }>> = {
  fast: { fault: answerOk, deadlineMs: 60_000, ends: 'ok' },
  slow: { fault: slow, deadlineMs: 60_000, ends: 'ok' },
  stalled: { fault: stalled, deadlineMs: 1_500, ends: 'ScanInterrupted' },
}

const seen: { engine: string; 'MiB above idle': number }[] = []
afterAll(() => showTable(seen))

const expectLittle = (engine: string, { grewBytes }: Scanned): void => {
  seen.push({ engine, 'MiB above idle': Math.round((grewBytes / mebibyte) * 10) / 10 })
  expect(grewBytes).toBeLessThanOrEqual(growthMaxMebibytes * mebibyte)
}

describe('scanning files of 95 MiB takes at most 16 MiB more memory than doing nothing', () => {
  test.each(Object.entries(engines))('with an engine that is %s', async (name, { fault, deadlineMs, ends }) => {
    const { engine } = await openScanBench(fault)
    const scanned = await scanLargest(engine.port, deadlineMs)
    expect(scanned.ends).toEqual([ends, ends, ends])
    expectLittle(name, scanned)
  })

  test('with the real engine', async () => {
    const scanned = await scanLargest(inject('stack').clamd.port, 60_000)
    expect(scanned.ends).toEqual(['ok', 'ok', 'ok'])
    expectLittle('the real one', scanned)
  })
})

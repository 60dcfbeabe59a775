import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createProbeSamples } from '../../clients/scanner/probeSamples.ts'
import { answerProbe, fileLetter } from './fakeClamd.ts'
import { atEnd, chunks, kib, openScanBench } from './scanBench.ts'

const ok = atEnd('stream: OK\0')
const newer = 'ClamAV 1.4.6/27471/Tue Nov 17 09:00:00 2026'
const samples = createProbeSamples()
const scanOne = ({ scanner }: Awaited<ReturnType<typeof openScanBench>>) => scanner.scan(chunks(1), { bytes: kib })

describe('OK counts only from an engine that was proven', () => {
  test('an engine that passed the probe is believed', async () => {
    const { scanner } = await openScanBench(ok)
    await expect(scanner.scan(chunks(64), { bytes: 64 * kib })).resolves.toEqual({
      result: 'ok',
      engine: { engine: '1.4.6', databaseVersion: '27470', databasePublishedAt: new Date('2026-11-16T09:00:00Z') },
    })
  })
  test('empty chunks in between do not end the stream early', async () => {
    const { scanner } = await openScanBench(ok)
    const body = Readable.from([Buffer.from(fileLetter), Buffer.alloc(0), Buffer.from('b')])
    await expect(scanner.scan(body, { bytes: 2 })).resolves.toMatchObject({ result: 'ok' })
  })
  test.each(samples.filter(({ expected }) => expected !== 'ok').map(({ name, bytes }) => [name, bytes] as const))(
    'an engine that says OK to the sample "%s" is asked nothing else',
    async (_name, bytes) => {
      const bench = await openScanBench(ok)
      bench.engine.state.version = newer
      bench.engine.state.probe = (sample) => (sample.equals(bytes) ? 'stream: OK\0' : answerProbe(sample))
      await expect(scanOne(bench)).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
      await expect(bench.scanner.probe()).rejects.toThrow('clamd.conf')
      expect(bench.engine.state.scans).toBe(0)
    },
  )
  test('an engine whose file limit is the lower one is asked nothing else', async () => {
    const bench = await openScanBench(ok)
    bench.engine.state.version = newer
    bench.engine.state.probe = (sample) =>
      sample.includes('ustar') ? 'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0' : answerProbe(sample)
    await expect(scanOne(bench)).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
  })
  test('an engine that finds something in a clean sample is not believed either', async () => {
    const bench = await openScanBench(ok)
    bench.engine.state.version = newer
    bench.engine.state.probe = () => 'stream: Eicar-Test-Signature FOUND\0'
    await expect(scanOne(bench)).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
  })
  test('a new database version is probed before it is believed', async () => {
    const bench = await openScanBench(ok)
    bench.engine.state.version = newer
    bench.engine.state.probes = 0
    await expect(scanOne(bench)).resolves.toMatchObject({ engine: { databaseVersion: '27471' } })
    expect(bench.engine.state.probes).toBe(samples.length)
  })
  test('a database that changes during a scan is not believed, nor put down to the file; the end of the engine in its middle is', async () => {
    const reloaded = await openScanBench((socket, { ended }) => {
      if (!ended) return
      reloaded.engine.state.version = newer
      socket.end('stream: OK\0')
    })
    await expect(scanOne(reloaded)).rejects.toMatchObject({ name: 'ScannerUnavailable' })
    const dying = await openScanBench((socket, { ended }) => void (ended && socket.destroy()))
    await expect(scanOne(dying)).rejects.toMatchObject({ name: 'ScanInterrupted' })
  })
  test('a lost connection ends the proof', async () => {
    const bench = await openScanBench(ok)
    bench.engine.endAll()
    await sleep(50)
    bench.engine.state.probe = () => 'stream: OK\0'
    await expect(scanOne(bench)).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
  })
  test('an old proof is taken anew, a young one is not', async () => {
    const young = await openScanBench(ok)
    await young.scanner.probe()
    await scanOne(young)
    expect(young.engine.state.probes).toBe(samples.length)
    const old = await openScanBench(ok, { proofMaxAgeMs: 0 })
    await scanOne(old)
    expect(old.engine.state.probes).toBe(2 * samples.length)
  })
  test('an engine that cannot say its version is not believed', async () => {
    const bench = await openScanBench(ok)
    bench.engine.state.version = 'nonsense'
    await expect(scanOne(bench)).rejects.toMatchObject({ name: 'ScannerUnavailable' })
  })
})

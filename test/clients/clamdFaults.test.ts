import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import type { ClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { answerProbe, startFakeClamd } from './fakeClamd.ts'
import type { EngineFault } from './fakeClamd.ts'

const kib = 1024
const deadlineMs = 1_000
const open: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

/** A proven scanner in front of an engine that does `fault` to what it is given next. */
const scanBefore = async (fault: EngineFault, options: { deadlineMs?: number } = {}) => {
  const engine = await startFakeClamd(fault)
  const scanner = createClamdScanner({ host: engine.host, port: engine.port, deadlineMs, timeoutMs: 500, ...options })
  open.push({ stop: () => (scanner.close(), engine.stop()) })
  await scanner.probe()
  return { engine, scanner }
}

const chunks = (count: number, bytes = kib): Readable => Readable.from(Array.from({ length: count }, () => Buffer.alloc(bytes, 'a')))

/** Its second half comes when the engine has had time to answer the first. */
const slowChunks = (count: number): Readable =>
  Readable.from(
    (async function* () {
      for (let sent = 0; sent < count; sent += 1) {
        if (sent === count / 2) await sleep(30)
        yield Buffer.alloc(kib, 'a')
      }
    })(),
  )

const atEnd =
  (answer: string): EngineFault =>
  (socket, { ended }) =>
    void (ended && socket.end(answer))

/** Settles it, and says what was left behind: never a verdict, an open scan connection, or a source that still runs. */
const expectNoVerdict = async (scanner: ClamdScanner, engine: { openSockets(): number }, body: Readable, bytes: number) => {
  const startedAt = performance.now()
  const settled = await scanner.scan(body, { bytes }).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
  expect(settled).not.toHaveProperty('answer')
  expect(settled).toHaveProperty('error', expect.any(Error))
  expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 1_000)
  expect(body.destroyed).toBe(true)
  scanner.close()
  await expect.poll(() => engine.openSockets()).toBe(0)
  return (settled as { error: Error }).error
}

const faults: Record<string, EngineFault> = {
  'resets the connection at the first byte': (socket) => socket.resetAndDestroy(),
  'resets the connection at the end': (socket, { ended }) => void (ended && socket.resetAndDestroy()),
  'hangs up without a verdict': atEnd(''),
  'hangs up in mid stream': (socket, { bytes }) => void (bytes >= 8 * kib && socket.end()),
  'is killed in mid stream': (socket, { bytes }) => void (bytes >= 8 * kib && socket.destroy()),
  'truncates the verdict': atEnd('stream: O'),
  'truncates the end mark of the verdict': atEnd('stream: OK'),
  'answers garbage': atEnd('\x00\xff\xfe\x01garbage'),
  'answers a megabyte': atEnd('stream: '.repeat(128 * kib)),
  'says the stream is over its limit': atEnd('INSTREAM size limit exceeded. ERROR\0'),
  'says so in mid stream': (socket, { bytes }) => void (bytes >= 8 * kib && socket.end('INSTREAM size limit exceeded. ERROR\0')),
  'has no memory': atEnd("stream: Can't allocate memory ERROR\0"),
  'times out reading': atEnd('COMMAND READ TIMED OUT\0'),
  'does not know the command': atEnd('UNKNOWN COMMAND\0'),
  'answers twice, OK last': atEnd('stream: Win.Test FOUND\0stream: OK\0'),
  'answers twice, OK first': atEnd('stream: OK\0stream: Win.Test FOUND\0'),
  'answers OK twice': atEnd('stream: OK\0stream: OK\0'),
  'answers OK for another stream': atEnd('other: OK\0'),
  'answers OK with a newline': atEnd('stream: OK\n'),
  'answers OK before the end of the stream': (socket, { bytes }) => void (bytes >= 8 * kib && socket.end('stream: OK\0')),
  'answers OK before the end and reads on': (socket, { ended }) => void (ended ? socket.end() : socket.write('stream: OK\0')),
  'answers OK and never hangs up': (socket, { ended }) => void (ended && socket.write('stream: OK\0')),
  'reads all and never answers': () => {},
  'stops reading': (socket) => void socket.pause(),
}

describe('an engine fault is never a verdict, and leaves no connection', () => {
  for (const [name, fault] of Object.entries(faults)) {
    test(`engine that ${name}`, async () => {
      const { engine, scanner } = await scanBefore(fault)
      await expectNoVerdict(scanner, engine, slowChunks(64), 64 * kib)
    })
  }

  test('engine that drips its verdict slower than the deadline', async () => {
    const { engine, scanner } = await scanBefore((socket, { ended }) => {
      if (!ended) return
      const drip = async () => {
        for (const letter of 'stream: OK\0') {
          await sleep(150)
          if (!socket.destroyed) socket.write(letter)
        }
        socket.end()
      }
      void drip()
    })
    await expectNoVerdict(scanner, engine, chunks(4), 4 * kib)
  })

  test('nobody listens', async () => {
    const { engine } = await scanBefore(atEnd('stream: OK\0'))
    await engine.stop()
    const scanner = createClamdScanner({ host: engine.host, port: engine.port, deadlineMs })
    await expect(scanner.scan(chunks(1), { bytes: kib })).rejects.toMatchObject({ name: 'ScannerUnavailable' })
  })
})

describe('a source fault is never a verdict, and leaves no connection', () => {
  const ok = atEnd('stream: OK\0')
  test('a stream shorter than it was said to be', async () => {
    const { engine, scanner } = await scanBefore(ok)
    expect(await expectNoVerdict(scanner, engine, chunks(3), 4 * kib)).toMatchObject({ name: 'ScanSourceBroken' })
  })
  test('a stream longer than it was said to be', async () => {
    const { engine, scanner } = await scanBefore(ok)
    expect(await expectNoVerdict(scanner, engine, chunks(5), 4 * kib)).toMatchObject({ name: 'ScanSourceBroken' })
  })
  test('an empty stream', async () => {
    const { engine, scanner } = await scanBefore(ok)
    await expectNoVerdict(scanner, engine, Readable.from([]), 0)
  })
  test('a stream destroyed without an error', async () => {
    const { engine, scanner } = await scanBefore(ok)
    const body = new Readable({ read() {} })
    body.push(Buffer.alloc(kib))
    setTimeout(() => body.destroy(), 50)
    expect(await expectNoVerdict(scanner, engine, body, 2 * kib)).toMatchObject({ name: 'ScanSourceBroken' })
  })
  test('a stream that fails says why', async () => {
    const { engine, scanner } = await scanBefore(ok)
    const body = new Readable({ read() {} })
    body.push(Buffer.alloc(kib))
    setTimeout(() => body.destroy(new Error('the store hung up')), 50)
    expect(await expectNoVerdict(scanner, engine, body, 2 * kib)).toMatchObject({ message: 'the store hung up' })
  })
  test('a stream that stalls', async () => {
    const { engine, scanner } = await scanBefore(ok)
    const body = new Readable({ read() {} })
    body.push(Buffer.alloc(kib))
    expect(await expectNoVerdict(scanner, engine, body, 2 * kib)).toMatchObject({ name: 'ScannerUnavailable' })
  })
  test('a caller that gives up gets its own reason', async () => {
    const { engine, scanner } = await scanBefore(() => {})
    const caller = new AbortController()
    const body = chunks(4)
    const scanned = scanner.scan(body, { bytes: 4 * kib, signal: caller.signal })
    setTimeout(() => caller.abort(new Error('cancelled')), 50)
    await expect(scanned).rejects.toThrow('cancelled')
    expect(body.destroyed).toBe(true)
    scanner.close()
    await expect.poll(() => engine.openSockets()).toBe(0)
  })
})

describe('OK counts only from an engine that was proven', () => {
  const ok = atEnd('stream: OK\0')
  test('an engine that passed the probe is believed', async () => {
    const { scanner } = await scanBefore(ok)
    await expect(scanner.scan(chunks(64), { bytes: 64 * kib })).resolves.toEqual({
      result: 'ok',
      engine: { engine: '1.4.6', databaseVersion: '27470' },
    })
  })
  test('empty chunks in between do not end the stream early', async () => {
    const { scanner } = await scanBefore(ok)
    const body = Readable.from([Buffer.from('a'), Buffer.alloc(0), Buffer.from('b')])
    await expect(scanner.scan(body, { bytes: 2 })).resolves.toMatchObject({ result: 'ok' })
  })
  test('limits and encryption mean not inspected, not infected and not clean', async () => {
    for (const signature of ['Heuristics.Limits.Exceeded.MaxScanSize', 'Heuristics.Encrypted.PDF']) {
      const { scanner } = await scanBefore(atEnd(`stream: ${signature} FOUND\0`))
      await expect(scanner.scan(chunks(1), { bytes: kib })).resolves.toMatchObject({ result: 'not-inspected', signature })
    }
  })
  test('a signature is found with its name', async () => {
    const { scanner } = await scanBefore(atEnd('stream: Win.Test.EICAR_HDB-1 FOUND\0'))
    await expect(scanner.scan(chunks(1), { bytes: kib })).resolves.toMatchObject({ result: 'found', signature: 'Win.Test.EICAR_HDB-1' })
  })
  for (const [name, isSample] of [
    ['a known virus', (sample: Buffer) => sample.includes('ANTIVIRUS-TEST')],
    ['an encrypted zip', (sample: Buffer) => sample.subarray(0, 2).toString() === 'PK'],
    ['an encrypted document', (sample: Buffer) => sample.subarray(0, 4).toString() === '%PDF'],
    ['what is over its limits', (sample: Buffer) => sample[0] === 0x1f],
  ] as const) {
    test(`an engine that says OK to ${name} is asked nothing else`, async () => {
      const engine = await startFakeClamd(ok, { probe: (sample) => (isSample(sample) ? 'stream: OK\0' : answerProbe(sample)) })
      const scanner = createClamdScanner({ host: engine.host, port: engine.port })
      open.push({ stop: () => (scanner.close(), engine.stop()) })
      await expect(scanner.scan(chunks(1), { bytes: kib })).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
      await expect(scanner.probe()).rejects.toThrow()
    })
  }
  test('a new database version is probed before it is believed', async () => {
    const { engine, scanner } = await scanBefore(ok)
    engine.state.version = 'ClamAV 1.4.6/27471/Tue Nov 17 09:00:00 2026'
    engine.state.probes = 0
    await expect(scanner.scan(chunks(1), { bytes: kib })).resolves.toMatchObject({ engine: { databaseVersion: '27471' } })
    expect(engine.state.probes).toBe(5)
  })
  test('a database that changes during the scan is not believed', async () => {
    const { engine, scanner } = await scanBefore((socket, { ended }) => {
      if (!ended) return
      engine.state.version = 'ClamAV 1.4.6/27471/Tue Nov 17 09:00:00 2026'
      socket.end('stream: OK\0')
    })
    await expect(scanner.scan(chunks(1), { bytes: kib })).rejects.toMatchObject({ name: 'ScannerUnavailable' })
  })
  test('a lost connection ends the proof', async () => {
    const { engine, scanner } = await scanBefore(ok)
    engine.endAll()
    await sleep(50)
    engine.state.probes = 0
    engine.state.probe = () => 'stream: OK\0'
    await expect(scanner.scan(chunks(1), { bytes: kib })).rejects.toMatchObject({ name: 'ScannerMisconfigured' })
  })
  test('an engine that cannot say its version is not believed', async () => {
    const { engine, scanner } = await scanBefore(ok)
    engine.state.version = 'nonsense'
    await expect(scanner.scan(chunks(1), { bytes: kib })).rejects.toMatchObject({ name: 'ScannerUnavailable' })
  })
})

test('a stalled engine does not make us hold the object in memory', async () => {
  const { scanner, engine } = await scanBefore((socket) => void socket.pause(), { deadlineMs: 1_500 })
  let read = 0
  const body = Readable.from(
    (function* () {
      for (; read < 200; read += 1) yield Buffer.alloc(kib * kib)
    })(),
  )
  await expectNoVerdict(scanner, engine, body, 200 * kib * kib)
  // What the kernel buffers on both sides, and little more.
  expect(read).toBeLessThan(30)
})

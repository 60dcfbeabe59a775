import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClamdScanner, type ClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { makeZipBomb } from '../../demo/corpus/makeHostileZip.ts'
import { askClamd } from '../../stack/servers/clamd.ts'
import { openOwnClamd, type OwnClamd } from '../support/ownClamd.ts'
import { countSockets, settleScan } from './scanBench.ts'

let clamd: OwnClamd
let scanner: ClamdScanner
beforeAll(async () => {
  clamd = await openOwnClamd()
})
afterAll(() => clamd?.close(), 60_000)
beforeEach(async () => {
  await clamd.start()
  scanner = createClamdScanner({ ...clamd.address, deadlineMs: 20_000, timeoutMs: 5_000 })
  await scanner.probe()
})
afterEach(async () => {
  scanner.close()
  await clamd.stop()
})

const mebibyte = 1024 * 1024

/** Random bytes, with something done when half of them are out. */
const fileOf = (mebibytes: number, halfway: () => Promise<void> | void): Readable =>
  Readable.from(
    (async function* () {
      for (let sent = 0; sent < mebibytes; sent += 1) {
        if (sent === mebibytes / 2) await halfway()
        yield randomBytes(mebibyte)
      }
    })(),
  )

const scanBytes = (bytes: Buffer) => settleScan(scanner, Readable.from([bytes]), bytes.length)
const interrupted = { error: expect.objectContaining({ name: 'ScanInterrupted' }) }
const unavailable = { error: expect.objectContaining({ name: 'ScannerUnavailable' }) }
const ok = { answer: expect.objectContaining({ result: 'ok' }) }
const found = { answer: expect.objectContaining({ result: 'found' }) }

describe('the real clamd', () => {
  test('killed while it reads a file gives no verdict, and is believed again once it was proven again', async () => {
    const socketsBefore = countSockets()
    const body = fileOf(16, async () => {
      clamd.signal('SIGKILL')
      await clamd.ended()
    })
    expect(await settleScan(scanner, body, 16 * mebibyte)).toEqual(interrupted)
    expect(body.destroyed).toBe(true)
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
    expect(await scanBytes(Buffer.from('while it is down'))).toEqual(unavailable)
    await clamd.ended()
    await clamd.start()
    expect(await scanBytes(Buffer.from('when it is up'))).toEqual(ok)
    expect(await scanBytes(makeEicar())).toEqual(found)
  })

  test('killed while it looks at a file that it has whole gives no verdict', async () => {
    const bomb = makeZipBomb([], 90 * mebibyte, 6)
    const body = Readable.from([bomb])
    // It unpacks 540 MB now: seconds, of which this is the first moment.
    body.once('end', () => setTimeout(() => clamd.signal('SIGKILL'), 100))
    expect(await settleScan(scanner, body, bomb.length)).toEqual(interrupted)
  })

  test('stopped in mid-file gives no verdict by the deadline, and works on when it is continued', async () => {
    const socketsBefore = countSockets()
    const impatient = createClamdScanner({ ...clamd.address, deadlineMs: 3_000, timeoutMs: 1_000 })
    await impatient.probe()
    try {
      const body = fileOf(16, () => clamd.signal('SIGSTOP'))
      expect(await settleScan(impatient, body, 16 * mebibyte)).toEqual(interrupted)
      // It accepts nothing now, but the kernel does in its place.
      expect(await settleScan(impatient, Readable.from([Buffer.from('x')]), 1)).toEqual(unavailable)
    } finally {
      clamd.signal('SIGCONT')
      impatient.close()
    }
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
    expect(await scanBytes(makeEicar())).toEqual(found)
    expect(await scanBytes(Buffer.from('after it was stopped'))).toEqual(ok)
  })

  test('reloading in a loop passes no virus, and answers again when it is left alone', async () => {
    const looped = new AbortController()
    const reloading = (async () => {
      let reloads = 0
      for (; !looped.signal.aborted; reloads += 1) {
        await askClamd(clamd.address, 'RELOAD').catch(() => undefined)
        await sleep(5)
      }
      return reloads
    })()
    const ends: string[] = []
    for (let round = 0; round < 4; round += 1) {
      const scans = [makeEicar(), randomBytes(200_000), makeEicar(), randomBytes(50_000)].map(async (bytes, index) => {
        const settled = await scanBytes(bytes)
        const isVirus = index % 2 === 0
        if ('error' in settled) ends.push(settled.error instanceof Error ? settled.error.name : 'not an error')
        else ends.push(`${isVirus ? 'virus' : 'harmless'}: ${settled.answer.result}`)
      })
      await Promise.all(scans)
    }
    looped.abort()
    expect(await reloading).toBeGreaterThan(0)
    const possible = ['virus: found', 'harmless: ok', 'ScannerUnavailable', 'ScanInterrupted']
    expect(ends.filter((end) => !possible.includes(end))).toEqual([])
    expect(await scanBytes(makeEicar())).toEqual(found)
  })

  test.each([
    ['garbage in place of the signatures', () => randomBytes(5_000)],
    ['signatures that are cut off', (whole: Buffer) => whole.subarray(0, Math.floor(whole.length / 3))],
    ['an empty file', () => Buffer.alloc(0)],
  ])('with %s passes nothing, whether it starts or not', async (_name, spoil) => {
    await clamd.stop()
    const databaseFolder = await copySignatures((whole) => spoil(whole))
    await clamd.start({ databaseFolder }).catch(() => undefined)
    for (const bytes of [makeEicar(), Buffer.from('harmless')]) expect(await scanBytes(bytes)).toEqual({ error: expect.any(Error) })
  })

  test('that loads a spoilt database passes no virus', async () => {
    await clamd.stop()
    const databaseFolder = await copySignatures((whole) => whole)
    await clamd.start({ databaseFolder })
    const fresh = createClamdScanner({ ...clamd.address, deadlineMs: 3_000, timeoutMs: 1_000 })
    await fresh.probe()
    for (const name of await readdir(databaseFolder)) await writeFile(join(databaseFolder, name), randomBytes(5_000))
    await askClamd(clamd.address, 'RELOAD')
    const outcomes: string[] = []
    for (let round = 0; round < 3; round += 1) {
      const settled = await settleScan(fresh, Readable.from([makeEicar()]), makeEicar().length)
      outcomes.push('answer' in settled ? settled.answer.result : 'no verdict')
      await sleep(100)
    }
    fresh.close()
    expect(outcomes.filter((outcome) => outcome !== 'found' && outcome !== 'no verdict')).toEqual([])
  })
})

/** The test signatures in a folder of their own, each file changed. */
const copySignatures = async (change: (whole: Buffer) => Buffer): Promise<string> => {
  const from = join(import.meta.dirname, '../../stack/clamav/signatures')
  const to = join(clamd.folder, 'signatures')
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) {
    await writeFile(join(to, name), change(await readFile(join(from, name))))
  }
  return to
}

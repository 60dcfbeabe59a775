import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { openOwnClamd, type OwnClamd } from '../support/ownClamd.ts'

let clamd: OwnClamd
beforeAll(async () => {
  clamd = await openOwnClamd()
})
afterAll(() => clamd?.close())

const without = (name: string) => (conf: string) =>
  conf
    .split('\n')
    .filter((line) => line.split(' ')[0] !== name)
    .join('\n')

const withValue = (name: string, value: string) => (conf: string) => `${without(name)(conf)}\n${name} ${value}\n`

/** What the adapter makes of harmless bytes before a clamd with these settings. */
const scanBehind = async (change: (conf: string) => string): Promise<string> => {
  await clamd.start({ change })
  const scanner = createClamdScanner(clamd.address)
  try {
    const { result } = await scanner.scan(Readable.from([Buffer.from('harmless')]), { bytes: 8 })
    return result
  } catch (error) {
    return error instanceof Error ? error.name : 'not an error'
  } finally {
    scanner.close()
    await clamd.stop()
  }
}

describe('a clamd without our settings judges no file', () => {
  test('with all of them it does', async () => {
    expect(await scanBehind((conf) => conf)).toBe('ok')
  })

  // The other lines of the file are clamd's defaults said aloud, or change no verdict.
  test.each(['AlertExceedsMax', 'AlertEncryptedArchive', 'AlertEncryptedDoc', 'MaxFileSize'])('without %s', async (name) => {
    expect(await scanBehind(without(name))).toBe('ScannerMisconfigured')
  })

  test.each([
    ['AlertExceedsMax', 'no'],
    ['MaxFileSize', '300M'],
    ['MaxScanSize', '0'],
    ['MaxRecursion', '100'],
    ['ScanArchive', 'no'],
    ['ScanPDF', 'no'],
  ])('with %s %s', async (name, value) => {
    expect(await scanBehind(withValue(name, value))).toBe('ScannerMisconfigured')
  })

  test('with a stream limit below what may be uploaded, as soon as it cuts one off', async () => {
    await clamd.start({ change: withValue('StreamMaxLength', '1M') })
    const scanner = createClamdScanner(clamd.address)
    const bytes = 2 * 1024 * 1024
    const scanned = scanner.scan(Readable.from([Buffer.alloc(bytes, 'a')]), { bytes })
    await expect(scanned).rejects.toMatchObject({
      name: expect.stringMatching(/^(ScannerMisconfigured|ScannerUnavailable|ScanInterrupted)$/),
    })
    scanner.close()
    await clamd.stop()
  })
})

/** A file that begins as the publisher's do, and holds nothing. */
const writeSignatures = (folder: string, name: string, ageDays: number): Promise<void> => {
  const published = new Date(Date.now() - ageDays * 86_400_000)
  const [, day, month, year, hour, minute] = /, (\d+) (\w+) (\d+) (\d+):(\d+)/.exec(published.toUTCString()) ?? []
  const head = `ClamAV-VDB:${day} ${month} ${year} ${hour}-${minute} +0000:27000:1:90:X:X:builder:${Math.floor(published.getTime() / 1_000)}`
  return writeFile(join(folder, name), head.padEnd(512))
}

describe("ClamAV's signatures of more than a week ago", () => {
  test.each([
    ['main.cld', 400, 'daily.cld', 8, true],
    ['main.cld', 400, 'daily.cld', 6, false],
  ])('%s of %i days ago and %s of %i: that it does not start for their age is %s', async (old, oldDays, young, youngDays, isRefused) => {
    const databaseFolder = await mkdtemp(join(tmpdir(), 'hallpass-old-signatures-'))
    try {
      await writeSignatures(databaseFolder, old, oldDays)
      await writeSignatures(databaseFolder, young, youngDays)
      await expect(clamd.start({ databaseFolder })).rejects.toThrow('clamd')
      const log = await readFile(join(clamd.folder, 'logs', 'clamd.log'), 'utf8')
      expect(log.includes('ERROR: Virus database is older than 7 days')).toBe(isRefused)
    } finally {
      await rm(databaseFolder, { recursive: true, force: true })
    }
  })
})

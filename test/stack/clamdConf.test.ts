import { readdirSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { makeEncryptedZip, makeZipBomb } from '../../demo/corpus/makeHostileZip.ts'
import { findClamavTestfiles } from '../../stack/binaries/findClamavTestfiles.ts'

const { clamd } = inject('stack')
const chunkBytes = 1 << 20

const eicar = makeEicar()

/** One raw INSTREAM conversation: what clamd itself says, with no adapter between. */
const scan = (content: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(clamd)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.once('error', reject)
    socket.once('close', () => resolve(answer.replaceAll('\0', '').trim()))
    socket.write('zINSTREAM\0')
    for (let at = 0; at < content.length; at += chunkBytes) {
      const chunk = content.subarray(at, at + chunkBytes)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(chunk.length)
      socket.write(length)
      socket.write(chunk)
    }
    socket.write(Buffer.alloc(4))
  })

describe('clamd with our settings', { timeout: 120_000 }, () => {
  test('finds the test virus, and passes what is harmless', async () => {
    expect(await scan(eicar)).toBe('stream: Eicar-Test-Signature.UNOFFICIAL FOUND')
    expect(await scan(Buffer.from('Field trip on Friday'))).toBe('stream: OK')
  })

  test('looks at the last byte of the largest file that may be sent', async () => {
    const largest = Buffer.alloc(95 * 1024 * 1024, 'school ')
    expect(await scan(largest)).toBe('stream: OK')
    eicar.copy(largest, largest.length - eicar.length)
    expect(await scan(largest)).toBe('stream: Eicar-Test-Signature.UNOFFICIAL FOUND')
  })

  test('never says OK of a stream that is longer than it takes', async () => {
    const answer = await scan(Buffer.alloc(101 * 1024 * 1024, 'x')).catch((error: Error) => error.message)
    expect(answer).not.toContain('OK')
  })

  test('names an encrypted archive instead of passing it', async () => {
    const zip = makeEncryptedZip([{ path: 'inside.txt', content: eicar }])
    expect(await scan(zip)).toBe('stream: Heuristics.Encrypted.Zip FOUND')
  })

  test('names what it could not look at to the end instead of passing it', async () => {
    const bomb = makeZipBomb([], 90 * 1024 * 1024, 6)
    expect(bomb.length).toBeLessThan(2 * 1024 * 1024)
    expect(await scan(bomb)).toMatch(/^stream: Heuristics\.Limits\.Exceeded\.\w+ FOUND$/)
  })

  test('finds the test program in every wrapping of clamav-testfiles', async () => {
    const folder = await findClamavTestfiles()
    const missed: string[] = []
    const names = readdirSync(folder)
    for (const name of names) if (!(await scan(readFileSync(join(folder, name)))).endsWith('FOUND')) missed.push(name)
    expect(names.length).toBeGreaterThan(40)
    expect(missed).toEqual([])
  })
})

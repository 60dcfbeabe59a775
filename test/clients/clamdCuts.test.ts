import type net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ScanAnswer } from '../../domain/ports.ts'
import { chunks, countSockets, kib, openScanBench, settleScan } from './scanBench.ts'

/** Each answer that clamd gives to INSTREAM, and what it stands for when the whole of it came and clamd hung up in order. */
const answers: readonly { text: string; whole: ScanAnswer['result'] | 'ScanInterrupted' | 'ScannerMisconfigured' }[] = [
  { text: 'stream: OK\0', whole: 'ok' },
  { text: 'stream: Win.Test.EICAR_HDB-1 FOUND\0', whole: 'found' },
  { text: 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0', whole: 'not-inspected' },
  { text: 'stream: Heuristics.Encrypted.Zip FOUND\0', whole: 'not-inspected' },
  { text: "stream: Can't allocate memory ERROR\0", whole: 'ScanInterrupted' },
  { text: 'INSTREAM size limit exceeded. ERROR\0', whole: 'ScannerMisconfigured' },
  { text: 'COMMAND READ TIMED OUT\0', whole: 'ScanInterrupted' },
]

/** How the connection ends behind the cut. A reset takes back nothing that came before, so the text is given time to come. */
const cuts: Readonly<Record<'FIN' | 'RST', (socket: net.Socket, text: string) => void>> = {
  FIN: (socket, text) => void socket.end(text),
  RST: (socket, text) => void socket.write(text, () => void sleep(5).then(() => socket.resetAndDestroy())),
}

const readEnd = async (...scan: Parameters<typeof settleScan>): Promise<string> => {
  const settled = await settleScan(...scan)
  if ('answer' in settled) return settled.answer.result
  return settled.error instanceof Error ? settled.error.name : 'not an error'
}

describe('an answer that is cut after any byte is no verdict', () => {
  test.each(answers)('$text', async ({ text, whole }) => {
    const { engine, scanner } = await openScanBench(() => {})
    const end = async (kind: keyof typeof cuts, length: number): Promise<string> => {
      engine.state.fault = (socket, { ended }) => {
        if (ended) cuts[kind](socket, text.slice(0, length))
      }
      return readEnd(scanner, chunks(2), 2 * kib)
    }
    const verdicts: string[] = []
    // The first scan holds what the proof needs open; nothing may be added to that.
    await end('FIN', text.length)
    const socketsBefore = countSockets()
    for (let length = 0; length < text.length; length += 1) {
      for (const kind of ['FIN', 'RST'] as const) {
        const how = await end(kind, length)
        if (!/^(ScanInterrupted|ScannerMisconfigured)$/.test(how)) verdicts.push(`${kind} after ${length} bytes: ${how}`)
      }
    }
    expect(verdicts).toEqual([])
    expect(await end('FIN', text.length)).toBe(whole)
    // A reset behind a whole answer is no orderly end.
    expect(await end('RST', text.length)).toMatch(/^(ScanInterrupted|ScannerMisconfigured)$/)
    await expect.poll(countSockets).toBeLessThanOrEqual(socketsBefore)
  })
})

describe('an answer that comes in single bytes', () => {
  test.each(answers)('is read as when it comes in one: $text', async ({ text, whole }) => {
    const { scanner } = await openScanBench((socket, { ended }) => {
      const drip = async (): Promise<void> => {
        socket.setNoDelay(true)
        for (const letter of text) {
          socket.write(letter)
          await sleep(1)
        }
        socket.end()
      }
      if (ended) void drip()
    })
    expect(await readEnd(scanner, chunks(2), 2 * kib)).toBe(whole)
  })
})

import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createScanTurns } from './scanTurns.ts'

const ever = new AbortController().signal

test('never more files are looked at than there are turns, and who came first is first', async () => {
  const turns = createScanTurns({ atOnce: 2, limitMs: 60_000 })
  const begun: number[] = []
  let at = 0
  let most = 0
  const look = (file: number) =>
    turns.take(ever, async () => {
      begun.push(file)
      at += 1
      most = Math.max(most, at)
      await new Promise((resolve) => setImmediate(resolve))
      at -= 1
    })
  await Promise.all([1, 2, 3, 4, 5, 6].map(look))
  expect({ most, begun }).toEqual({ most: 2, begun: [1, 2, 3, 4, 5, 6] })
})

test('the time of a turn begins with it, however long it was waited for', async () => {
  const turns = createScanTurns({ atOnce: 1, limitMs: 20 })
  const first = turns.take(ever, async (inTime) => {
    await once(inTime, 'abort')
    return inTime.reason as Error
  })
  const second = turns.take(ever, async (inTime) => inTime.aborted)
  expect(await first).toMatchObject({ name: 'TimeoutError' })
  expect(await second).toBe(false)
})

test('who is given up while waiting looks at nothing, and holds up nobody', async () => {
  const turns = createScanTurns({ atOnce: 1, limitMs: 60_000 })
  const gate = Promise.withResolvers<void>()
  const holder = turns.take(ever, () => gate.promise)
  const given = new AbortController()
  let hasLooked = false
  const waiting = turns.take(given.signal, async () => (hasLooked = true))
  const behind = turns.take(ever, async () => 'looked')
  given.abort(new Error('given up'))
  gate.resolve()
  await holder
  await expect(waiting).rejects.toThrow('given up')
  expect(await behind).toBe('looked')
  expect(hasLooked).toBe(false)
})

test('a look that fails gives its turn to the next', async () => {
  const turns = createScanTurns({ atOnce: 1, limitMs: 60_000 })
  await expect(turns.take(ever, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await turns.take(ever, async () => 'looked')).toBe('looked')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasCommitted, isLater, parseEventId, parseSnapshot, toEventId, toSnapshotText, upToLast, type Snapshot } from './eventCursor.ts'

/** A database that gives out numbers in order and commits in any order: the snapshots that it shows on its way, and what had committed at each. */
const histories = fc
  .array(fc.record({ begins: fc.boolean(), commits: fc.nat({ max: 9 }) }), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    let next = 700
    let running: number[] = []
    const committed = new Set<number>()
    const shown: { snapshot: Snapshot; committed: Set<number> }[] = []
    for (const { begins, commits } of steps) {
      if (begins) {
        running.push(next)
        next += 1
      } else {
        const ended = running[commits]
        if (ended !== undefined) {
          running = running.filter((one) => one !== ended)
          committed.add(ended)
        }
      }
      // Postgres counts up to the newest that has committed.
      const xmax = Math.max(699, ...committed) + 1
      const inside = running.filter((one) => one < xmax)
      shown.push({ snapshot: { xmin: Math.min(xmax, ...inside), xmax, running: inside }, committed: new Set(committed) })
    }
    return { shown, last: next }
  })

describe('a cursor', () => {
  test('says the same of all that has committed when it is cut behind the last of them, and nothing of what comes later', () => {
    fc.assert(
      fc.property(histories, fc.nat(5), ({ shown, last }, rolledBack) => {
        for (const { snapshot, committed } of shown) {
          const newest = Math.max(0, ...committed)
          // Numbers of transactions that were rolled back behind it.
          const seen = {
            ...snapshot,
            xmin: snapshot.running.length > 0 ? snapshot.xmin : snapshot.xmax + rolledBack,
            xmax: snapshot.xmax + rolledBack,
          }
          const cut = upToLast(seen, newest)
          expect(parseSnapshot(toSnapshotText(cut))).toEqual(cut)
          for (let xact = 700; xact < last + 5; xact += 1)
            expect(hasCommitted(cut, xact)).toBe(xact <= newest && !snapshot.running.includes(xact))
        }
      }),
    )
  })

  test('says exactly what had committed, whatever commits after what began later', () => {
    fc.assert(
      fc.property(histories, ({ shown, last }) => {
        for (const { snapshot, committed } of shown)
          for (let xact = 700; xact < last; xact += 1) expect(hasCommitted(snapshot, xact)).toBe(committed.has(xact))
      }),
    )
  })

  test('is later than another exactly when more had committed', () => {
    fc.assert(
      fc.property(histories, ({ shown }) => {
        for (const one of shown)
          for (const other of shown) expect(isLater(one.snapshot, other.snapshot)).toBe(one.committed.size > other.committed.size)
      }),
    )
  })

  test('comes back as it was sent', () => {
    fc.assert(
      fc.property(histories, fc.nat(), ({ shown }, at) => {
        for (const { snapshot } of shown) {
          expect(parseSnapshot(toSnapshotText(snapshot))).toEqual(snapshot)
          expect(parseEventId(toEventId({ at, snapshot }))).toEqual({ at, snapshot })
        }
      }),
    )
  })

  test.each(['', '1', '1/', '1/5:4:', '1/1:9:0', '1/1:9:9', '1/1:9:x', '1/1:9:2,', '1:9:', 'x/1:9:', `1/1:9:${'2,'.repeat(2_000)}2`])(
    'that we never sent is none: %s',
    (text) => expect(parseEventId(text)).toBeNull(),
  )
})

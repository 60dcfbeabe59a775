/** How the slices of the archive cover time, over closing times that no test can wait for: a fake server's list, a fake bucket. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createArchiveHistories, type ArchiveDeps } from '../../activities/archiveHistories.ts'
import type { ClosedRun } from '../../clients/archive/archiveKey.ts'
import type { ArchivedSlice } from '../../workflows/contract.ts'
import { inActivity } from '../support/inActivity.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const retentionMs = 90 * 86_400_000

const toRuns = (closedAts: number[]): ClosedRun[] =>
  closedAts.map((closedAt, index) => ({ workflowId: `scan:${index}`, runId: String(index), closedAt: new Date(closedAt) }))

/** What lies in the archive after every slice was archived as the workflow does it, and how many runs each slice looked at. */
const archiveAll = async (runs: ClosedRun[]) => {
  const keys: string[] = []
  const between = ({ from, to }: { from: number; to: number }) =>
    runs.filter(({ closedAt }) => closedAt.getTime() >= from && closedAt.getTime() < to)
  const deps = {
    now: () => now,
    archiveWindows: { settleMs: 30_000, overlapMs: 0, retentionMs },
    closedRuns: {
      count: async (range: { from: number; to: number }) => between(range).length,
      list: async (range: { from: number; to: number }) => between(range),
      events: async function* () {
        yield '{}'
      },
    },
    archive: {
      listVersions: async (key: string) => keys.filter((known) => known === key).map(() => ({})),
      write: async (key: string, body: AsyncIterable<Buffer>) => {
        for await (const _ of body);
        keys.push(key)
      },
    },
    keys: { generateDataKey: async () => ({ plaintext: Buffer.alloc(32, 1), wrapped: Buffer.alloc(8) }) },
  } as unknown as ArchiveDeps
  const slices: ArchivedSlice[] = []
  // A carried failure keeps the activity from writing down that it has everything: there is no database here.
  for (let after: number | null = null; slices.at(-1)?.isLast !== true; after = slices.at(-1)?.through ?? null) {
    slices.push(await inActivity(() => createArchiveHistories(deps)({ after, isFirst: after === null, pending: [], carried: 1 })))
    if (slices.length > 500) throw new Error('the slices do not end')
  }
  return { keys, sizes: slices.map(({ archived, known }) => archived + known) }
}

describe('the archive', () => {
  test('after days of outage archives every closed run, each once, whenever they closed', async () => {
    const closedAt = fc.integer({ min: now - retentionMs, max: now - 30_001 })
    await fc.assert(
      fc.asyncProperty(fc.array(closedAt, { maxLength: 300 }), async (closedAts) => {
        const { keys } = await archiveAll(toRuns(closedAts))
        expect(new Set(keys).size).toBe(closedAts.length)
        expect(keys).toHaveLength(closedAts.length)
      }),
      { numRuns: 15 },
    )
  })

  test('does a bounded number at a time, but for what closed within one second', async () => {
    const spread = Array.from({ length: 1_000 }, (_, index) => now - 86_400_000 + index * 2_000)
    const { sizes } = await archiveAll(toRuns(spread))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
    const burst = Array.from({ length: 450 }, () => now - 3_600_000)
    expect((await archiveAll(toRuns(burst))).keys).toHaveLength(450)
  })

  test('leaves alone what has only just closed: the server may not list all of it yet', async () => {
    expect((await archiveAll(toRuns([now - 29_000]))).keys).toEqual([])
  })
})

import { z } from 'zod'
import { withDistrict } from '../db/openDatabase.ts'
import { listActsOn, type ActOn } from '../db/queries/listActsOn.ts'
import { listStartsOf } from '../db/queries/listStartsOf.ts'
import { listSyncCounts, type SyncCounts } from '../db/queries/listSyncCounts.ts'
import type { OutboxEntry } from '../db/queries/outboxRow.ts'
import { decideRemovalId, syncRosterId } from '../workflows/contract.ts'
import { getSync, oneSync } from './oneSync.ts'
import { defineCommand } from './command.ts'
import { describeRun, isTemporalThere, type KnownRun } from './describeRun.ts'
import { lookAtSync, type LookedAtSync } from './lookAtSync.ts'
import type { Oncall } from './openOncall.ts'
import { actsMax, toAuditSection, toFactsTable, toOutboxSection, toRunsSection, toSection } from './sections.ts'

const attemptsMax = 20

export const rosterShow = defineCommand({
  words: 'roster show',
  summary: 'all that is known of one sync: row, counts, runs, outbox, audit log',
  help: `<syncId> [--json]

Shows the row and the counts of each kind of line, the runs of its last ${attemptsMax} attempts and of the decision about what it holds as far as Temporal
still knows them, what stands in the outbox, and the last ${actsMax} rows of the audit log about it. No line of a feed is shown: the district's own
administrators read the rejects.
`,
  schema: z.object({}),
  ...oneSync,
  run: async (oncall, _, named) => {
    const sync = await getSync(oncall, named)
    const isThere = await isTemporalThere(oncall)
    const current = await lookAtSync(oncall, sync, isThere)
    const ids = toWorkflowIds(sync)
    const seen = await withDistrict(oncall.database, sync.districtId, async (tx) => ({
      counts: await listSyncCounts(tx, sync.syncId),
      starts: await listStartsOf(tx, ids),
      acts: await listActsOn(tx, { kind: 'roster-sync', id: sync.syncId }, actsMax),
    }))
    const runs = isThere ? await findRuns(oncall, ids).catch(() => undefined) : undefined
    return {
      json: { sync, retryWould: current.decision, counts: seen.counts, runs: runs ?? null, outbox: seen.starts, auditLog: seen.acts },
      text: toText(current, { ...seen, runs }),
    }
  },
})

const toWorkflowIds = ({ syncId, attempt }: { syncId: string; attempt: number }): string[] => {
  const attempts = Array.from({ length: attempt }, (_, index) => index + 1).slice(-attemptsMax)
  return [...attempts.map((one) => syncRosterId(syncId, one)), ...attempts.map((one) => decideRemovalId(syncId, one))]
}

const findRuns = async (oncall: Oncall, ids: readonly string[]): Promise<KnownRun[]> => {
  const runs = await Promise.all(ids.map((workflowId) => describeRun(oncall, workflowId)))
  return runs.filter((run) => run !== null)
}

type Seen = { counts: SyncCounts[]; starts: OutboxEntry[]; acts: ActOn[]; runs: KnownRun[] | undefined }

const toText = ({ sync, decision }: LookedAtSync, { counts, starts, acts, runs }: Seen): string => {
  return [
    toFactsTable(['a retry would', decision], sync),
    toSection(
      'Counts',
      ['OF', 'LINES', 'TAKEN', 'REJECTED', 'LEFT OUT', 'ADDED', 'CHANGED', 'REMOVED', 'SUSPENDED', 'RESTORED', 'ACTIVE BEFORE'],
      counts.map((one) => [
        one.subject,
        one.lines,
        one.taken,
        one.rejected,
        one.leftOut,
        one.added,
        one.changed,
        one.removed,
        one.suspended,
        one.restored,
        one.active,
      ]),
    ),
    toRunsSection(runs),
    toOutboxSection(starts),
    toAuditSection(acts),
  ].join('')
}

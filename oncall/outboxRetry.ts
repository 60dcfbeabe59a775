import { z } from 'zod'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { listWaitingStarts } from '../db/queries/listWaitingStarts.ts'
import type { OutboxEntry } from '../db/queries/outboxRow.ts'
import type { AuditOrigin } from '../db/queries/recordAudit.ts'
import { releaseStart } from '../db/queries/releaseStart.ts'
import { defineCommand } from './command.ts'
import { Fault } from './fault.ts'
import { apply, limit, reason, span } from './fields.ts'
import { toOrigin } from './findOperator.ts'
import type { Oncall } from './openOncall.ts'
import { stuckAfterSeconds } from './outboxList.ts'
import { requireReason } from './requireReason.ts'
import { startAtOnce } from './startAtOnce.ts'
import { toFault } from './toFault.ts'
import { toTable } from './toTable.ts'
import { workflowId } from './workflowId.ts'
import { WrongUse } from './wrongUse.ts'

/** `waiting`: a dry run. `released`: nobody holds it any more, the relay takes it next. `moved-on`: it was started meanwhile. */
type Retried = {
  outboxId: string
  workflowId: string
  districtId: string
  outcome: 'waiting' | 'started' | 'released' | 'moved-on' | 'failed'
  fault?: string
}

export const outboxRetry = defineCommand({
  words: 'outbox retry',
  summary: 'starts what waits in the outbox: frees it from a relay that holds it, and tries at once',
  help: `<entry or workflow id> [--apply --reason <why>] [--json]
npm run oncall -- outbox retry --all [--since <span>] [--stuck] [--limit <n>] [--apply --reason <why>] [--json]

Without --apply nothing is changed: it says what waits. Starting twice is starting once, so it may be run while a relay works.

  --stuck   only what waits for longer than ${stuckAfterSeconds} s
  --limit   at most so many, 100 unless said otherwise, the oldest first
`,
  schema: z.object({
    all: z.boolean().default(false),
    since: span.optional(),
    stuck: z.boolean().default(false),
    limit: limit(1_000, 100),
    apply,
    reason,
  }),
  switches: ['all', 'stuck', 'apply'],
  positionals: { min: 0, max: 1, are: 'the id of an entry or of its workflow' },
  check: (given, [one]) => {
    if (given.all === (one !== undefined)) throw new WrongUse('expected the id of an entry or of its workflow, or --all')
    if (!given.all && (given.since !== undefined || given.stuck)) throw new WrongUse('--since and --stuck go with --all')
    if (one !== undefined) workflowId.parse(one)
    requireReason(given)
  },
  run: async (oncall, given, [one], asked) => {
    const filter = {
      id: one ?? null,
      sinceSeconds: given.since ?? null,
      olderThanSeconds: given.stuck ? stuckAfterSeconds : 0,
      limit: given.limit + 1,
    }
    const waiting = await acrossDistricts(oncall.database, (tx) => listWaitingStarts(tx, filter))
    if (one !== undefined && waiting.length === 0) throw new Fault('nothing of that id waits in the outbox')
    const taken = waiting.slice(0, given.limit)
    const done: Retried[] = []
    for (const entry of taken) {
      if (asked.interrupted.aborted) break
      done.push(given.apply ? await retryOne(oncall, entry, toOrigin(asked, given.reason)) : { ...refOf(entry), outcome: 'waiting' })
    }
    const isCut = waiting.length > done.length
    const rows = done.map((entry) => [entry.outcome, entry.outboxId, entry.workflowId, entry.districtId, entry.fault ?? null])
    return {
      json: { applied: given.apply, isCut, entries: done },
      text: [
        rows.length === 0 ? 'none\n' : toTable([given.apply ? 'DONE' : 'NOW', 'ENTRY', 'WORKFLOW', 'DISTRICT', 'NOTE'], rows),
        isCut ? 'There are more: run it again.\n' : '',
        given.apply ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n',
      ].join(''),
      hasFailed: asked.interrupted.aborted || done.some(({ outcome }) => outcome === 'failed'),
    }
  },
})

const refOf = ({ outboxId, workflowId: workflow, districtId }: OutboxEntry) => ({ outboxId, workflowId: workflow, districtId })

const retryOne = async (oncall: Oncall, entry: OutboxEntry, by: AuditOrigin): Promise<Retried> => {
  try {
    const released = await withDistrict(oncall.database, entry.districtId, (tx) => releaseStart(tx, { outboxId: entry.outboxId, ...by }))
    if (released === null) return { ...refOf(entry), outcome: 'moved-on' }
    const isStarted = await startAtOnce(oncall, { ...released, type: released.workflowType })
    return { ...refOf(entry), outcome: isStarted ? 'started' : 'released' }
  } catch (error) {
    return { ...refOf(entry), outcome: 'failed', fault: toFault(error) }
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { findScan } from '../db/queries/findScan.ts'
import { defineCommand, type Answer, type Asked } from './command.ts'
import { Fault } from './fault.ts'
import { apply, id, limit, reason, span } from './fields.ts'
import { toOrigin } from './findOperator.ts'
import { lookAt, lookAtScans, type LookedAt } from './lookAtScans.ts'
import type { Oncall } from './openOncall.ts'
import { planReplay, replayOne, type Replay } from './replayOne.ts'
import { requireReason } from './requireReason.ts'
import { toTable } from './toTable.ts'
import { WrongUse } from './wrongUse.ts'

/** What can be brought on. */
const replayable = ['failed', 'lost', 'delayed', 'scanning'] as const

const schema = z.object({
  all: z.boolean().default(false),
  since: span.optional(),
  stage: z.enum(replayable, { error: `expected one of ${replayable.join(', ')}` }).optional(),
  district: id.optional(),
  limit: limit(1_000, 100),
  'per-second': limit(50, 5),
  apply,
  reason,
})
type Given = z.output<typeof schema>

export const scansReplay = defineCommand({
  words: 'scans replay',
  summary: 'brings scans on: wakes a run that waits, or begins the next attempt of one that failed or lost its run',
  help: `<attachmentId> [--apply --reason <why>] [--json]
npm run oncall -- scans replay --all --since <span> [--stage ${replayable.join('|')}] [--district <id>]
                               [--limit <n>] [--per-second <n>] [--apply --reason <why>] [--json]

Without --apply nothing is changed: it says what it would do. With it each act is written to the audit log of the district.

  wake    the run is open: its wait between two rounds is cut short. A run that was reset in the UI is open too
  start   the run was asked for and never started: it is started at once
  replay  the row goes back to its last safe state under the next attempt: after a failure, and when the run was terminated or
          cancelled by hand, timed out, or is gone
  leave   it needs no scan any more
  wait    Temporal does not answer, so nobody knows whether the run is open; a scan that failed is replayed all the same

  --stage       of what, with --all: failed unless said otherwise
  --limit       at most so many, 100 unless said otherwise; it says what is left
  --per-second  how many in a second, 5 unless said otherwise
`,
  schema,
  switches: ['all', 'apply'],
  positionals: { min: 0, max: 1, are: 'the id of one attachment' },
  check: (given, [attachmentId]) => {
    if (given.all === (attachmentId !== undefined)) throw new WrongUse('expected the id of one attachment, or --all')
    if (given.all && given.since === undefined) throw new WrongUse('--all needs --since: how far back, such as 2h')
    if (!given.all && (given.stage ?? given.since ?? given.district) !== undefined)
      throw new WrongUse('--stage, --since and --district go with --all')
    if (attachmentId !== undefined) id.parse(attachmentId, { error: () => 'expected the id of an attachment' })
    requireReason(given)
  },
  run: async (oncall, given, [attachmentId], asked) =>
    attachmentId === undefined ? replayAll(oncall, given, asked) : replayById(oncall, given, attachmentId, asked),
})

const replayById = async (oncall: Oncall, given: Given, attachmentId: string, asked: Asked): Promise<Answer> => {
  const scan = await acrossDistricts(oncall.database, (tx) => findScan(tx, attachmentId.toLowerCase()))
  if (scan === null) throw new Fault('there is no attachment of that id')
  const done = given.apply ? await replayOne(oncall, scan, toOrigin(asked, given.reason)) : planReplay(await lookAt(oncall, scan))
  return toAnswer(given.apply, [done], 0, isUndone(done))
}

/** Of one that was named: whatever was not done, or would not be, was asked for in vain. */
const isUndone = ({ decision, outcome }: Replay): boolean =>
  decision === 'leave' || decision === 'wait' || outcome === 'failed' || outcome === 'moved-on'

const replayAll = async (oncall: Oncall, given: Given, asked: Asked): Promise<Answer> => {
  const stage = given.stage ?? 'failed'
  const search = { stages: [stage], sinceSeconds: given.since ?? null, districtId: given.district ?? null }
  const { found, left, isTemporalThere } = await lookAtScans(oncall, { ...search, limit: given.limit })
  if (!isTemporalThere && stage !== 'failed')
    throw new Fault(
      `Temporal does not answer, so nobody knows which runs are open.\n  mend: bring Temporal back; it takes up by itself what it was doing`,
    )
  const done = given.apply ? await replayEach(oncall, found, given, asked) : found.map(planReplay)
  const unlooked = found.length - done.length
  return toAnswer(given.apply, done, left + unlooked, unlooked > 0 || done.some(({ outcome }) => outcome === 'failed'))
}

const replayEach = async (oncall: Oncall, found: readonly LookedAt[], given: Given, asked: Asked): Promise<Replay[]> => {
  const done: Replay[] = []
  for (const { scan } of found) {
    if (done.length > 0) await sleep(1_000 / given['per-second'], undefined, { signal: asked.interrupted }).catch(() => undefined)
    if (asked.interrupted.aborted) break
    done.push(await replayOne(oncall, scan, toOrigin(asked, given.reason)))
  }
  return done
}

const toAnswer = (isApplied: boolean, done: readonly Replay[], left: number, hasFailed: boolean): Answer => {
  const counts = countBy(done.map(({ outcome, decision }) => outcome ?? decision))
  const rows = done.map((one) => [
    one.outcome ?? one.decision,
    one.attachmentId,
    one.districtId,
    one.state,
    one.attempt,
    one.workflowId,
    one.fault ?? (one.isStarted === false ? 'the relay starts it' : null),
  ])
  const summary = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  const text = [
    rows.length === 0 ? '' : toTable([isApplied ? 'DONE' : 'WOULD', 'ATTACHMENT', 'DISTRICT', 'STATE', 'ATTEMPT', 'RUN', 'NOTE'], rows),
    `${summary.join(', ') || 'nothing to do'}${left > 0 ? `; ${left} more are left: run it again` : ''}\n`,
    isApplied ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n',
  ].join('')
  return { json: { applied: isApplied, counts, left, scans: done }, text, hasFailed }
}

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

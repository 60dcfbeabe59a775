import { z } from 'zod'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { findScan } from '../db/queries/findScan.ts'
import { listActsOn, type ActOn } from '../db/queries/listActsOn.ts'
import { listStartsOf } from '../db/queries/listStartsOf.ts'
import type { OutboxEntry } from '../db/queries/outboxRow.ts'
import type { Scan } from '../db/queries/scanRow.ts'
import { removeAttachmentId, scanAttachmentId } from '../workflows/contract.ts'
import { defineCommand } from './command.ts'
import { isTemporalThere, listRunsOf, type KnownRun } from './describeRun.ts'
import { Fault } from './fault.ts'
import { id } from './fields.ts'
import { findObjects, type FoundObject } from './findObjects.ts'
import { lookAt, type LookedAt } from './lookAtScans.ts'
import type { Oncall } from './openOncall.ts'
import { actsMax, toAuditSection, toFactsTable, toOutboxSection, toRunsSection, toSection } from './sections.ts'

export const scansShow = defineCommand({
  words: 'scans show',
  summary: 'all that is known of one attachment: row, runs, outbox, objects, audit log',
  help: `<attachmentId> [--json]

Shows the row without its name and its people, the runs of every attempt that Temporal still knows, what stands in the outbox, which objects lie
in which bucket and since when, and the last ${actsMax} rows of the audit log about it. What does not answer is named, and the rest is shown.
`,
  schema: z.object({}),
  positionals: { min: 1, max: 1, are: 'the id of one attachment' },
  check: (_, [given]) => void id.parse(given, { error: () => 'expected the id of an attachment' }),
  run: async (oncall, _, [given = '']) => {
    const scan = await acrossDistricts(oncall.database, (tx) => findScan(tx, given.toLowerCase()))
    if (scan === null) throw new Fault('there is no attachment of that id')
    const seen = await lookAtAll(oncall, scan)
    return { json: toJson(seen), text: toText(seen) }
  },
})

/** `undefined`: it did not answer. */
type Seen = {
  current: LookedAt
  runs: KnownRun[] | undefined
  starts: OutboxEntry[]
  objects: FoundObject[] | undefined
  acts: ActOn[]
}

const lookAtAll = async (oncall: Oncall, scan: Scan): Promise<Seen> => {
  const { attachmentId, districtId } = scan
  const attempts = Array.from({ length: scan.attempt }, (_, index) => index + 1).slice(-100)
  const ids = attempts.flatMap((attempt) => [scanAttachmentId(attachmentId, attempt), removeAttachmentId(attachmentId, attempt)])
  const isThere = await isTemporalThere(oncall)
  const [current, runs, objects, [starts, acts]] = await Promise.all([
    lookAt(oncall, scan, isThere),
    isThere ? listRunsOf(oncall, attachmentId).catch(() => undefined) : undefined,
    findObjects(oncall.buckets, scan).catch(() => undefined),
    withDistrict(
      oncall.database,
      districtId,
      async (tx) => [await listStartsOf(tx, ids), await listActsOn(tx, { kind: 'attachment', id: attachmentId }, actsMax)] as const,
    ),
  ])
  return { current, runs: runs && withCurrent(runs, current.run), starts, objects, acts }
}

/** The list of the server lags: the run that was asked for itself is newer. */
const withCurrent = (runs: KnownRun[], current: KnownRun | null | undefined): KnownRun[] =>
  current ? [current, ...runs.filter(({ runId }) => runId !== current.runId)] : runs

const toJson = ({ current, runs, starts, objects, acts }: Seen) => ({
  stage: current.stage,
  attachment: current.scan,
  runs: runs ?? null,
  outbox: starts,
  objects: objects ?? null,
  auditLog: acts,
})

const toText = ({ current: { scan, stage }, runs, starts, objects, acts }: Seen): string => {
  return [
    toFactsTable(['stage', stage], scan),
    toRunsSection(runs),
    toOutboxSection(starts),
    toSection(
      'Objects',
      ['BUCKET', 'KEY', 'VERSION', 'BYTES', 'SINCE'],
      objects?.map((one) => [one.bucket, one.key, one.versionId, one.bytes, one.lastModified.toISOString()]),
    ),
    toAuditSection(acts),
  ].join('')
}

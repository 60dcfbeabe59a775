import { validate as isId } from 'uuid'
import { z } from 'zod'
import { withDistrict } from '../db/openDatabase.ts'
import { operationsDistrictId } from '../db/operationsDistrict.ts'
import { recordAudit, type AuditAct } from '../db/queries/recordAudit.ts'
import { toChain, findFaultCode } from '../domain/toLoggableFault.ts'
import { defineCommand } from './command.ts'
import { countEncrypted, decodeHistory } from './decodeHistory.ts'
import { id, reasonRequired } from './fields.ts'
import { findHistory, type FoundHistory } from './findHistory.ts'
import { toOrigin } from './findOperator.ts'
import { textAt, type HistoryEvent } from './historyEvent.ts'
import type { Oncall } from './openOncall.ts'
import { toTable } from './toTable.ts'
import { toTimeline, type TimelineStep } from './toTimeline.ts'
import { workflowId } from './workflowId.ts'

export const showHistory = defineCommand({
  words: 'history',
  summary: 'what happened in a run, decoded; from Temporal, or from the archive when that has forgotten it',
  help: `<workflowId | runId> --reason <why> [--run <runId>] [--json]

Of a workflow the last run, unless --run names another. Each reading is written to the audit log with its
reason, before anything is shown. --json has every event
with its payloads opened; they hold ids, counts and verdicts.
`,
  schema: z.object({ run: id.optional(), reason: reasonRequired }),
  positionals: { min: 1, max: 1, are: 'the id of a workflow or of a run' },
  check: (_, [wanted]) => void workflowId.parse(wanted),
  run: async (oncall, given, [wanted = ''], asked) => {
    const found = await findHistory(oncall, wanted, given.run)
    const codec = await oncall.openCodec()
    await recordReading(oncall, found, {
      ...toOrigin(asked, given.reason),
      action: 'payload.decode',
      target: { kind: 'workflow', id: found.workflowId },
    })
    const { history, unreadable } = await decodeHistory(found.events, codec)
    const events = history as HistoryEvent[]
    const timeline = toTimeline(events)
    const { workflowId: workflow, runId, source } = found
    return {
      json: { workflowId: workflow, runId, source, unreadable, timeline, events },
      text: toText(found, events, timeline, unreadable),
      // Evidence that cannot be read is a fault, although the rest is shown.
      hasFailed: unreadable > 0,
    }
  },
})

/** In the log of the district that the run worked for, or in that of operations. @throws when it cannot be written: then nothing is decoded. */
const recordReading = async ({ database }: Oncall, found: FoundHistory, act: AuditAct): Promise<void> => {
  const details = { ...act.details, runId: found.runId, source: found.source, payloads: countEncrypted(found.events) }
  const record = (districtId: string): Promise<void> => withDistrict(database, districtId, (tx) => recordAudit(tx, { ...act, details }))
  const districtId = findDistrict(found.events)
  if (districtId === null) return record(operationsDistrictId)
  await record(districtId).catch((error: unknown) => {
    // A district that there is no more.
    if (!toChain(error).some((link) => findFaultCode(link) === foreignKeyViolation)) throw error
    return record(operationsDistrictId)
  })
}

const foreignKeyViolation = '23503'

/** Search attributes are not encrypted. */
const findDistrict = ([first]: readonly HistoryEvent[]): string | null => {
  const data = textAt(first, 'workflowExecutionStartedEventAttributes', 'searchAttributes', 'indexedFields', 'DistrictId', 'data')
  const value: unknown = data === null ? null : JSON.parse(Buffer.from(data, 'base64').toString())
  return typeof value === 'string' && isId(value) ? value : null
}

const toText = (
  { workflowId: workflow, runId, source }: FoundHistory,
  events: readonly HistoryEvent[],
  timeline: readonly TimelineStep[],
  unreadable: number,
): string => {
  const [first] = events
  const before = textAt(first, 'workflowExecutionStartedEventAttributes', 'continuedExecutionRunId')
  const after = textAt(events.at(-1), 'workflowExecutionContinuedAsNewEventAttributes', 'newExecutionRunId')
  const rows = timeline.map((step) => [
    `+${(step.atMs / 1_000).toFixed(3)} s`,
    step.what,
    step.outcome,
    step.tookMs === null ? null : `${(step.tookMs / 1_000).toFixed(3)} s`,
    step.tries !== null && step.tries > 1 ? `${step.tries}` : null,
    step.failure,
  ])
  return [
    `${workflow}  run ${runId}  from ${source === 'archive' ? 'the archive' : 'Temporal'}\n`,
    `began ${first?.eventTime ?? '?'}, ${events.length} events\n`,
    before ? `continues run ${before}\n` : '',
    '\n',
    toTable(['AT', 'WHAT', 'OUTCOME', 'TOOK', 'TRIES', 'LAST FAILURE'], rows),
    after ? `\ngoes on in run ${after}\n` : '',
    unreadable > 0 ? `\n${unreadable} payloads did not open: their key is not in the ring, or they were changed.\n` : '',
  ].join('')
}

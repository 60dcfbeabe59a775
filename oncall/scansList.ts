import { z } from 'zod'
import { defineCommand } from './command.ts'
import { id, limit, span } from './fields.ts'
import { lookAtScans, type LookedAt } from './lookAtScans.ts'
import { scanStages } from './scanStages.ts'
import { toAge } from './toSpan.ts'
import { toTable } from './toTable.ts'

/** What somebody may have to see to. */
const unfinished = ['scanning', 'delayed', 'lost', 'failed'] as const

export const scansList = defineCommand({
  words: 'scans list',
  summary: 'scans that are on their way or failed, and what their runs wait for',
  help: `[--stage ${scanStages.join('|')}] [--since <span>] [--district <id>] [--limit <n>] [--json]

  --stage     scanning   on its way, in time
              delayed    on its way for longer than SCAN_DELAYED_AFTER_SECONDS: what the alert attachments-delayed counts
              lost       on its way, but its run was terminated, cancelled or is gone (needs Temporal)
              failed     an incurable fault of ours
              quarantined, refused   ends as they should be
              without it: all that is on its way, and what failed
  --since     only what ended, or is on its way and was uploaded, in that time: 90s, 30m, 2h, 7d
  --limit     at most so many of each state, 50 unless said otherwise

Rows come from Postgres, the rest from Temporal. While Temporal is away the rows are shown alone.
`,
  schema: z.object({
    stage: z.enum(scanStages, { error: `expected one of ${scanStages.join(', ')}` }).optional(),
    since: span.optional(),
    district: id.optional(),
    limit: limit(500, 50),
  }),
  positionals: { min: 0, max: 0, are: 'nothing' },
  run: async (oncall, given) => {
    const stages = given.stage === undefined ? unfinished : [given.stage]
    const search = { stages, sinceSeconds: given.since ?? null, districtId: given.district ?? null, limit: given.limit }
    const { found, isTemporalThere, left } = await lookAtScans(oncall, search)
    // Nobody can say which are lost: an empty list would say that none is.
    const hasFailed = given.stage === 'lost' && !isTemporalThere
    return {
      json: { temporal: isTemporalThere ? 'there' : 'away', left, scans: found.map(toJson) },
      text: toText(found, isTemporalThere, left),
      hasFailed,
    }
  },
})

const toJson = ({ scan, stage, workflowId, run, isStartWaiting }: LookedAt) => ({
  stage,
  attachmentId: scan.attachmentId,
  districtId: scan.districtId,
  state: scan.state,
  attempt: scan.attempt,
  contentType: scan.contentType,
  verdict: scan.verdict,
  refusalReason: scan.refusalReason,
  signature: scan.signature,
  uploadCompletedAt: scan.uploadCompletedAt,
  endedAt: scan.endedAt,
  workflowId,
  isStartWaiting,
  run: run ?? null,
})

const titles = ['STAGE', 'ATTACHMENT', 'DISTRICT', 'ATTEMPT', 'SINCE', 'RUN', 'WAITS FOR', 'LAST FAILURE', 'IN THE UI']

const toText = (found: readonly LookedAt[], isTemporalThere: boolean, left: number): string => {
  const rows = found.map(({ scan, stage, run, isStartWaiting }) => [
    stage,
    scan.attachmentId,
    scan.districtId,
    scan.attempt,
    toAge(scan.endedAt ?? scan.uploadCompletedAt),
    run === undefined ? '?' : run === null ? (isStartWaiting ? 'to be started' : 'none') : run.status.toLowerCase(),
    run?.pending.map(({ activity, tries }) => `${activity} (try ${tries})`).join(', ') || run?.stage || null,
    run?.pending
      .map(({ lastFailure }) => lastFailure)
      .filter(Boolean)
      .join(', ') || (run && run.workflowTaskTries > 1 ? `workflow task (try ${run.workflowTaskTries})` : null),
    run?.link ?? null,
  ])
  return [
    ...(isTemporalThere ? [] : ['Temporal does not answer: what follows is from Postgres alone.\n']),
    found.length === 0 ? 'none\n' : toTable(titles, rows),
    ...(left > 0 ? [`${left} more are not shown: --limit, --since or --district.\n`] : []),
  ].join('')
}

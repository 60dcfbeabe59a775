import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { listSyncs, syncStages, type Sync } from '../db/queries/listSyncs.ts'
import { defineCommand } from './command.ts'
import { isTemporalThere } from './describeRun.ts'
import { id, limit, span } from './fields.ts'
import { lookAtSync, type LookedAtSync } from './lookAtSync.ts'
import { toAge } from './toSpan.ts'
import { toTable } from './toTable.ts'

export const rosterList = defineCommand({
  words: 'roster list',
  summary: 'syncs of rosters that wait, run, failed, could not be read, or hold removals',
  help: `[--stage ${syncStages.join('|')}] [--since <span>] [--district <id>] [--limit <n>] [--json]

  --stage     queued       it waits for its turn: one at a time in a district
              running      its feed is read and applied
              failed       an incurable fault of ours
              unreadable   nothing of the feed was applied: the district has to send another
              held         the brake holds removals, until a district administrator decides
              without it: all of these
  --since     only what was queued, or has ended, in that time: 90s, 30m, 2h, 7d
  --limit     at most so many of each stage, 50 unless said otherwise

Rows come from Postgres, the rest from Temporal. While Temporal is away the rows are shown alone.
`,
  schema: z.object({
    stage: z.enum(syncStages, { error: `expected one of ${syncStages.join(', ')}` }).optional(),
    since: span.optional(),
    district: id.optional(),
    limit: limit(500, 50),
  }),
  positionals: { min: 0, max: 0, are: 'nothing' },
  run: async (oncall, given) => {
    const search = { sinceSeconds: given.since ?? null, districtId: given.district ?? null, limit: given.limit + 1 }
    const isThere = await isTemporalThere(oncall)
    const found: (LookedAtSync & { stage: string })[] = []
    let isCut = false
    for (const stage of given.stage === undefined ? syncStages : [given.stage]) {
      const syncs = await acrossDistricts(oncall.database, (tx) => listSyncs(tx, { ...search, stage }))
      isCut ||= syncs.length > given.limit
      for (const sync of syncs.slice(0, given.limit)) found.push({ stage, ...(await lookAtSync(oncall, sync, isThere)) })
    }
    return {
      json: {
        temporal: isThere ? 'there' : 'away',
        isCut,
        syncs: found.map(({ stage, sync, workflowId, run, isStartWaiting }) => ({
          stage,
          ...sync,
          workflowId,
          isStartWaiting,
          run: run ?? null,
        })),
      },
      text: [
        isThere ? '' : 'Temporal does not answer: what follows is from Postgres alone.\n',
        found.length === 0 ? 'none\n' : toTable(titles, found.map(toCells)),
        isCut ? 'There are more: --limit, --since or --district.\n' : '',
      ].join(''),
    }
  },
})

const titles = ['STAGE', 'SYNC', 'DISTRICT', 'ORIGIN', 'ATTEMPT', 'SINCE', 'FAULT', 'REJECTS', 'RUN', 'WAITS FOR', 'IN THE UI']

const toCells = ({ stage, sync, run, isStartWaiting }: LookedAtSync & { stage: string }): (string | number | null)[] => [
  stage,
  sync.syncId,
  sync.districtId,
  sync.isDryRun ? `${sync.origin}, dry run` : sync.origin,
  sync.attempt,
  toAge(toMoment(sync)),
  sync.faultCode,
  sync.rejectCount,
  run === undefined ? '?' : run === null ? (isStartWaiting ? 'to be started' : 'none') : run.status.toLowerCase(),
  run?.pending.map(({ activity, tries }) => `${activity} (try ${tries})`).join(', ') || run?.stage || null,
  run?.link ?? null,
]

const toMoment = ({ endedAt, queuedAt, createdAt }: Sync): Date => endedAt ?? queuedAt ?? createdAt

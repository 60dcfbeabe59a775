import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { listOpenTranslations, translationStages } from '../db/queries/listOpenTranslations.ts'
import { defineCommand } from './command.ts'
import { isTemporalThere } from './describeRun.ts'
import { id, limit, span } from './fields.ts'
import { lookAtTranslation, type LookedAtTranslation } from './lookAtTranslation.ts'
import { toAge } from './toSpan.ts'
import { toTable } from './toTable.ts'

export const translationsList = defineCommand({
  words: 'translations list',
  summary: 'translations that wait or failed, with their reasons and their runs',
  help: `[--stage ${translationStages.join('|')}] [--since <span>] [--district <id>] [--limit <n>] [--json]

  --stage     pending      it was asked for and is not there
              failed       there is none, and why; whoever reads the text may ask again
              without it: both
  --since     only what was asked for, or has failed, in that time: 90s, 30m, 2h, 7d
  --limit     at most so many of each stage, 50 unless said otherwise

Rows come from Postgres, the rest from Temporal. While Temporal is away the rows are shown alone. No text is shown, and nothing of whose it is.
`,
  schema: z.object({
    stage: z.enum(translationStages, { error: `expected one of ${translationStages.join(', ')}` }).optional(),
    since: span.optional(),
    district: id.optional(),
    limit: limit(500, 50),
  }),
  positionals: { min: 0, max: 0, are: 'nothing' },
  run: async (oncall, given) => {
    const search = { sinceSeconds: given.since ?? null, districtId: given.district ?? null, limit: given.limit + 1 }
    const isThere = await isTemporalThere(oncall)
    const found: LookedAtTranslation[] = []
    let isCut = false
    for (const stage of given.stage === undefined ? translationStages : [given.stage]) {
      const rows = await acrossDistricts(oncall.database, (tx) => listOpenTranslations(tx, { ...search, stage }))
      isCut ||= rows.length > given.limit
      for (const row of rows.slice(0, given.limit)) found.push(await lookAtTranslation(oncall, row, isThere))
    }
    return {
      json: {
        temporal: isThere ? 'there' : 'away',
        isCut,
        translations: found.map(({ translation, workflowId, run }) => ({ ...translation, workflowId, run: run ?? null })),
      },
      text: [
        isThere ? '' : 'Temporal does not answer: what follows is from Postgres alone.\n',
        found.length === 0 ? 'none\n' : toTable(titles, found.map(toCells)),
        isCut ? 'There are more: --limit, --since or --district.\n' : '',
      ].join(''),
    }
  },
})

const titles = ['STATE', 'TRANSLATION', 'DISTRICT', 'OF', 'INTO', 'ATTEMPT', 'SINCE', 'REASON', 'RUN', 'WAITS FOR', 'IN THE UI']

const toCells = ({ translation, run }: LookedAtTranslation): (string | number | null)[] => [
  translation.state,
  translation.translationId,
  translation.districtId,
  `${translation.kind} ${translation.textId}`,
  translation.language,
  translation.attempt,
  toAge(translation.finishedAt ?? translation.askedAt),
  translation.reason,
  run === undefined ? '?' : run === null ? 'none' : run.status.toLowerCase(),
  run?.pending.map(({ activity, tries }) => `${activity} (try ${tries})`).join(', ') || run?.stage || null,
  run?.link ?? null,
]

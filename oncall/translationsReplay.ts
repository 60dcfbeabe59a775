import { z } from 'zod'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { findOpenTranslation, listOpenTranslations, translationStages, type OpenTranslation } from '../db/queries/listOpenTranslations.ts'
import type { AuditOrigin } from '../db/queries/recordAudit.ts'
import { replayTranslation } from '../db/queries/replayTranslation.ts'
import { toTranslatingStart } from '../workflows/contract.ts'
import { failuresBeyondOncall } from '../domain/translation/translationState.ts'
import { defineCommand } from './command.ts'
import { Fault } from './fault.ts'
import { apply, id, limit, reason, span } from './fields.ts'
import { toOrigin } from './findOperator.ts'
import { lookAtTranslation, type LookedAtTranslation } from './lookAtTranslation.ts'
import type { Oncall } from './openOncall.ts'
import { requireReason } from './requireReason.ts'
import { startAtOnce } from './startAtOnce.ts'
import { startWaiting } from './startWaiting.ts'
import { toTable } from './toTable.ts'
import { WrongUse } from './wrongUse.ts'

const schema = z.object({
  all: z.boolean().default(false),
  since: span.optional(),
  stage: z.enum(translationStages, { error: `expected one of ${translationStages.join(', ')}` }).optional(),
  district: id.optional(),
  limit: limit(1_000, 100),
  apply,
  reason,
})
type Given = z.output<typeof schema>

/** `moved-on`: between looking and acting the row went another way, and nothing was done. */
type Done = { outcome?: 'replayed' | 'started' | 'moved-on'; isStarted?: boolean }

export const translationsReplay = defineCommand({
  words: 'translations replay',
  summary: 'begins the next attempt of a translation that failed or lost its run',
  help: `<translationId> [--apply --reason <why>] [--json]
npm run oncall -- translations replay --all --since <span> [--stage ${translationStages.join('|')}] [--district <id>] [--limit <n>]
                                      [--apply --reason <why>] [--json]

Without --apply nothing is changed: it says what it would do. With it each act is written to the audit log of the district.

  replay  it failed, or its run was terminated, cancelled, timed out or is gone: the next attempt begins. It counts against the district's budget again
  start   its run was asked for and never started: it is started at once
  leave   it is there, it was cancelled (its readers ask again), or its run is open and tries by itself
  wait    Temporal does not answer, so nobody knows whether its run is open

  --all     leaves out what would fail again: ${failuresBeyondOncall.join(', ')}. Such a one is replayed by its id
  --stage   of what, with --all: failed unless said otherwise
  --limit   at most so many, 100 unless said otherwise
`,
  schema,
  switches: ['all', 'apply'],
  positionals: { min: 0, max: 1, are: 'the id of one translation' },
  check: (given, [one]) => {
    if (given.all === (one !== undefined)) throw new WrongUse('expected the id of one translation, or --all')
    if (given.all && given.since === undefined) throw new WrongUse('--all needs --since: how far back, such as 2h')
    if (!given.all && (given.stage ?? given.since ?? given.district) !== undefined)
      throw new WrongUse('--stage, --since and --district go with --all')
    if (one !== undefined) id.parse(one, { error: () => 'expected the id of a translation' })
    requireReason(given)
  },
  run: async (oncall, given, [one], asked) => {
    const { taken, isCut } = await findAsked(oncall, given, one)
    const done: (LookedAtTranslation & Done)[] = []
    for (const translation of taken) {
      if (asked.interrupted.aborted) break
      const looked = await lookAtTranslation(oncall, translation)
      done.push({ ...looked, ...(given.apply ? await bringOn(oncall, looked, toOrigin(asked, given.reason)) : {}) })
    }
    const isUndone = ({ decision, outcome }: LookedAtTranslation & Done): boolean =>
      decision === 'leave' || decision === 'wait' || outcome === 'moved-on'
    return {
      json: {
        applied: given.apply,
        isCut,
        translations: done.map(({ translation, workflowId, decision, outcome, isStarted }) => ({
          ...translation,
          workflowId,
          decision,
          outcome: outcome ?? null,
          isStarted: isStarted ?? null,
        })),
      },
      text: [
        done.length === 0 ? 'nothing to do\n' : toTable([given.apply ? 'DONE' : 'WOULD', ...titles], done.map(toCells)),
        isCut ? 'There are more: run it again.\n' : '',
        given.apply ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n',
      ].join(''),
      hasFailed: asked.interrupted.aborted || (one !== undefined && done.some(isUndone)),
    }
  },
})

const titles = ['TRANSLATION', 'DISTRICT', 'STATE', 'REASON', 'ATTEMPT', 'RUN', 'NOTE']

const toCells = ({ translation, workflowId, decision, outcome, isStarted }: LookedAtTranslation & Done): (string | number | null)[] => [
  outcome ?? decision,
  translation.translationId,
  translation.districtId,
  translation.state,
  translation.reason,
  translation.attempt,
  workflowId,
  isStarted === false ? 'the relay starts it' : null,
]

const findAsked = async (
  { database }: Oncall,
  given: Given,
  one: string | undefined,
): Promise<{ taken: OpenTranslation[]; isCut: boolean }> => {
  if (one !== undefined) {
    const found = await acrossDistricts(database, (tx) => findOpenTranslation(tx, one.toLowerCase()))
    if (found === null) throw new Fault('there is no translation of that id')
    return { taken: [found], isCut: false }
  }
  const search = {
    stage: given.stage ?? 'failed',
    sinceSeconds: given.since ?? null,
    districtId: given.district ?? null,
    except: failuresBeyondOncall,
  }
  const found = await acrossDistricts(database, (tx) => listOpenTranslations(tx, { ...search, limit: given.limit + 1 }))
  return { taken: found.slice(0, given.limit), isCut: found.length > given.limit }
}

const bringOn = async (oncall: Oncall, { translation, workflowId, decision }: LookedAtTranslation, by: AuditOrigin): Promise<Done> => {
  const { districtId, translationId, attempt } = translation
  if (decision === 'start') return startWaiting(oncall, districtId, workflowId, by)
  if (decision !== 'replay') return {}
  const startFor = toTranslatingStart(oncall.config.TASK_QUEUE_TRANSLATIONS)
  const start = await withDistrict(oncall.database, districtId, (tx) =>
    replayTranslation(tx, { translationId, attempt, startFor, onlyPending: false, ...by }),
  )
  if (start === null) return { outcome: 'moved-on' }
  return { outcome: 'replayed', isStarted: await startAtOnce(oncall, { ...start, districtId }) }
}

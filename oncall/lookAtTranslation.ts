import { withDistrict } from '../db/openDatabase.ts'
import { isStartPending } from '../db/queries/isStartPending.ts'
import type { OpenTranslation } from '../db/queries/listOpenTranslations.ts'
import { decideTranslationReplay, type TranslationReplayDecision } from '../domain/translation/decideTranslationReplay.ts'
import { translateMessageId } from '../workflows/contract.ts'
import { describeRun, type KnownRun } from './describeRun.ts'
import type { Oncall } from './openOncall.ts'

/** A translation together with what the server knows of its run. */
export type LookedAtTranslation = {
  translation: OpenTranslation
  workflowId: string
  /** Undefined when the server was not asked or did not answer; null when it knows of none. */
  run: KnownRun | null | undefined
  /** What a replay would do. */
  decision: TranslationReplayDecision
}

/** Does not reject when the server does not answer. */
export const lookAtTranslation = async (oncall: Oncall, translation: OpenTranslation, isThere = true): Promise<LookedAtTranslation> => {
  const workflowId = translateMessageId(translation)
  const run = isThere ? await describeRun(oncall, workflowId).catch(() => undefined) : undefined
  const isStartWaiting = !run && (await withDistrict(oncall.database, translation.districtId, (tx) => isStartPending(tx, workflowId)))
  const standing = run === undefined ? 'unknown' : run === null ? 'none' : run.isOpen ? 'open' : 'closed'
  return { translation, workflowId, run, decision: decideTranslationReplay({ state: translation.state, run: standing, isStartWaiting }) }
}

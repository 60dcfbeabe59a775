import { withDistrict } from '../../db/openDatabase.ts'
import { endTranslation } from '../../db/queries/finishTranslation.ts'
import { findTranslationNames, findTranslationWork, type KeptName, type TranslationWork } from '../../db/queries/findTranslationWork.ts'
import type { TranslationReason } from '../../domain/translation/translationState.ts'
import type { TranslationRef } from '../../workflows/contract.ts'
import type { TranslationDeps } from './translationDeps.ts'
import { superseded, type TranslationEnding } from './translationEnding.ts'

type OpenDeps = Pick<TranslationDeps, 'app' | 'districtKeys'>

/** A text that may be translated at this moment, open in memory: it leaves no activity. */
export type OpenedWork = { work: TranslationWork; text: string; names: KeptName[] }

/** Loads what a run works on and decides again whether it may (law 1). What may not be translated any more is cancelled here. */
export const openTranslationWork = async (
  deps: OpenDeps,
  ref: TranslationRef,
): Promise<{ opened: OpenedWork } | { ending: TranslationEnding }> => {
  const { districtId } = ref
  const found = await withDistrict(deps.app, districtId, async (tx) => {
    const work = await findTranslationWork(tx, ref)
    return work === null ? null : { work, names: work.body === null ? [] : await findTranslationNames(tx, work) }
  })
  if (found === null) return { ending: superseded }
  const { work, names } = found
  const { body, kind, textId, whyNot } = work
  if (body === null) return { ending: await endWithout(deps, ref, 'cancelled', whyNot ?? 'not-shown') }
  const cipher = await deps.districtKeys.forDistrict(districtId)
  const table = kind === 'message' ? 'messages' : 'announcements'
  return { opened: { work, names, text: cipher.openText({ table, rowId: textId, column: 'body' }, body) } }
}

/** Ends an attempt without a translation. */
export const endWithout = async (
  { app }: Pick<TranslationDeps, 'app'>,
  { districtId, ...ref }: TranslationRef,
  state: 'failed' | 'cancelled',
  reason: TranslationReason,
): Promise<TranslationEnding> => {
  const isEnded = await withDistrict(app, districtId, (tx) => endTranslation(tx, { ...ref, state, reason }))
  return isEnded ? { outcome: state, reason } : superseded
}

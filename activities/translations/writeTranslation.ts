import { ApplicationFailure } from '@temporalio/activity'
import { withDistrict } from '../../db/openDatabase.ts'
import { finishTranslation } from '../../db/queries/finishTranslation.ts'
import type { Translator } from '../../domain/ports.ts'
import { translateText } from '../../domain/translation/translateText.ts'
import { TranslationImpossible, TranslatorMisconfigured, TranslatorUnavailable } from '../../domain/translation/translatorFault.ts'
import { misconfiguredTranslator, type TranslationRef } from '../../workflows/contract.ts'
import { beforeTimeout } from '../beforeTimeout.ts'
import { createFollowAlert } from '../followAlert.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import { endWithout, openTranslationWork, type OpenedWork } from './openTranslationWork.ts'
import type { TranslationDeps } from './translationDeps.ts'
import { superseded, type TranslationEnding } from './translationEnding.ts'

/**
 * Has a text translated and stores the translation, sealed. Decides before it sends anything, and again in the statement that stores (law 1): what may not be translated any more is
 * cancelled, and nothing is kept. Nothing of the text leaves this step but to the provider, and to its row. Sent again when this worker dies before it is stored.
 * @throws ApplicationFailure, retryable, when the provider gives no answer; not to be tried at once (`misconfiguredTranslator`) when it answers, but not to us.
 */
export const createWriteTranslation =
  (deps: TranslationDeps) =>
  (ref: TranslationRef): Promise<TranslationEnding> =>
    whileHeartbeating(async (signal) => {
      const { translator } = deps
      if (translator === null) return endWithout(deps, ref, 'failed', 'not-configured')
      const found = await openTranslationWork(deps, ref)
      if ('ending' in found) return found.ending
      try {
        return await translate(deps, translator, ref, found.opened, beforeTimeout(signal))
      } catch (error) {
        if (error instanceof TranslationImpossible) return endWithout(deps, ref, 'failed', error.reason)
        throw await toFailure(deps, error)
      }
    })

const translate = async (
  deps: TranslationDeps,
  translator: Translator,
  ref: TranslationRef,
  { work, names, text }: OpenedWork,
  signal: AbortSignal,
): Promise<TranslationEnding> => {
  const { districtId, translationId } = ref
  const { kind, textId, language: target, sourceLanguage: source, formality, isProfanityMasked } = work
  const how = { isProfanityMasked, ...(formality === null ? {} : { formality }) }
  const translated = await translateText({
    text,
    source,
    names,
    translate: (piece) => translator.translate({ text: piece, source, target, ...how, signal }),
  })
  const { characters, calls, lost } = translated
  const cipher = await deps.districtKeys.forDistrict(districtId)
  const body = cipher.sealText({ table: 'translations', rowId: translationId, column: 'body' }, translated.text)
  const { provider } = translator
  const end = await withDistrict(deps.app, districtId, (tx) =>
    finishTranslation(tx, { ...ref, kind, textId, body, lost, provider, characters }),
  )
  if (end === null) return superseded
  if (end.state === 'done') return { outcome: 'done', reason: null, characters, calls, lost: lost.length }
  return end.reason === null ? superseded : { outcome: end.state, reason: end.reason }
}

/** What is the matter with the provider is one page for on-call, however many runs meet it. Its faults hold a code and nothing of the text, so the page names it. */
const toFailure = async ({ app, pager }: Pick<TranslationDeps, 'app' | 'pager'>, error: unknown): Promise<unknown> => {
  const follow = createFollowAlert({ app, pager })
  if (error instanceof TranslatorUnavailable) {
    await follow('translator-down', { holds: true, details: { reason: error.reason, fault: error.message } })
    return ApplicationFailure.retryable(error.message, error.name)
  }
  if (!(error instanceof TranslatorMisconfigured)) return error
  await follow('translator-misconfigured', { holds: true, details: { fault: error.message } })
  return ApplicationFailure.nonRetryable(error.message, misconfiguredTranslator)
}

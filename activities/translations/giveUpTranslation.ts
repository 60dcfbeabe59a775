import type { TranslationRef } from '../../workflows/contract.ts'
import { endWithout } from './openTranslationWork.ts'
import type { TranslationDeps } from './translationDeps.ts'
import type { TranslationEnding } from './translationEnding.ts'

/** Ends a translation whose provider gave none for as long as we wait: whoever asks again later, or on-call, begins another attempt. */
export const createGiveUpTranslation =
  (deps: Pick<TranslationDeps, 'app'>) =>
  (ref: TranslationRef): Promise<TranslationEnding> =>
    endWithout(deps, ref, 'failed', 'unavailable')

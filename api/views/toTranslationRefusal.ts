import { Refusal } from '../../domain/refusal.ts'
import type { TranslationReason } from '../../domain/translation/translationState.ts'
import { hidden } from '../requireAllowed.ts'

/** Asking sooner finds the same answer: a failure that may pass is not tried again before. */
const askAgainAfterSeconds = 300

const away = (words: string): Refusal => new Refusal('translation-unavailable', words, { retryAfterSeconds: askAgainAfterSeconds })

const refusals: Record<TranslationReason, () => Refusal> = {
  refused: () => new Refusal('translation-refused', 'A guardian of this student refuses translations. Read the original.'),
  'budget-exhausted': () =>
    new Refusal('translation-budget-exhausted', 'The district’s translations of this month are used up. Read the original.'),
  'unsupported-pair': () =>
    new Refusal('translation-impossible', 'This cannot be translated from its language into that one. Read the original.'),
  'too-long': () => new Refusal('translation-impossible', 'This is too long to be translated. Read the original.'),
  unavailable: () => away('The translator does not answer. Read the original, and ask again in a few minutes.'),
  'not-configured': () => away('Nothing translates here. Read the original.'),
  'not-shown': () => new Refusal('state-conflict', 'It was hidden or withdrawn, and is not translated any more.'),
  // Where translations are switched off there is nothing to know of (law 3).
  ended: hidden,
  'switched-off': hidden,
}

/** The "no" for whoever reads a text of which there is no translation. */
export const toTranslationRefusal = (reason: TranslationReason): Refusal => refusals[reason]()

import { Refusal } from '../../domain/refusal.ts'
import type { TranslationReason } from '../../domain/translation/translationState.ts'
import { hidden } from '../requireAllowed.ts'

/** Asking sooner finds the same answer: a failure that may pass is not tried again before. */
const askAgainAfterSeconds = 300

const away = (words: string): Refusal => new Refusal('translation-unavailable', words, { retryAfterSeconds: askAgainAfterSeconds })

/** The "no" for whoever reads a text of which there is no translation. Where translations are switched off there is nothing to know of (law 3). */
export const toTranslationRefusal = (reason: TranslationReason): Refusal => {
  switch (reason) {
    case 'refused':
      return new Refusal('translation-refused', 'A guardian of this student refuses translations. Read the original.')
    case 'budget-exhausted':
      return new Refusal('translation-budget-exhausted', 'The district’s translations of this month are used up. Read the original.')
    case 'unsupported-pair':
      return new Refusal('translation-impossible', 'This cannot be translated from its language into that one. Read the original.')
    case 'too-long':
      return new Refusal('translation-impossible', 'This is too long to be translated. Read the original.')
    case 'unavailable':
      return away('The translator does not answer. Read the original, and ask again in a few minutes.')
    case 'not-configured':
      return away('Nothing translates here. Read the original.')
    case 'not-shown':
      return new Refusal('state-conflict', 'It was hidden or withdrawn, and is not translated any more.')
    case 'ended':
    case 'switched-off':
      return hidden()
  }
}

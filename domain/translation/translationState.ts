/**
 * The life of a translation: it is asked for (`pending`), and is then `done`, `failed` or `cancelled`. Only a row that is `done` holds a text. What failed, or was
 * cancelled, may be asked for again: another attempt of the same row.
 */
export const translationStates = ['pending', 'done', 'failed', 'cancelled'] as const
export type TranslationState = (typeof translationStates)[number]

/**
 * Why there is none, though everybody who asked might read it. `unavailable`: the provider did not answer for as long as we wait. `not-configured`: this installation
 * has no provider. `budget-exhausted`: the district's characters of this month are used up.
 */
export const translationFailures = ['unsupported-pair', 'too-long', 'unavailable', 'not-configured', 'budget-exhausted'] as const
export type TranslationFailure = (typeof translationFailures)[number]

/**
 * Why there is to be none. `not-shown`: the text was hidden or withdrawn in the meantime. `ended`: the roster connects nobody any more who reads it. `switched-off`: the school has
 * no translations. `refused`: a guardian refuses them for the child.
 */
export const translationCancellations = ['not-shown', 'ended', 'switched-off', 'refused'] as const
export type TranslationCancellation = (typeof translationCancellations)[number]

export const translationReasons = [...translationFailures, ...translationCancellations] as const
export type TranslationReason = (typeof translationReasons)[number]

/** A translation that failed so will fail again: nobody's asking begins another attempt. */
export const lastingFailures: readonly TranslationFailure[] = ['unsupported-pair', 'too-long']

/** What fails again when it is tried again, until the district's budget is another: nothing that on-call mends helps. */
export const failuresBeyondOncall: readonly TranslationFailure[] = [...lastingFailures, 'budget-exhausted']

/** How a translation addresses its readers, in the languages that have the difference. */
export const formalities = ['formal', 'informal'] as const
export type Formality = (typeof formalities)[number]

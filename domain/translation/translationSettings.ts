import type { Formality } from './translationState.ts'

/** How a district has its messages translated. `budget`: characters that may be sent to the translator in a month of its calendar; null for as many as it takes. */
export type TranslationSettings = { budget: number | null; formality: Formality | null; isProfanityMasked: boolean }

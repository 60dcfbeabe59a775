import type { TranslationReason } from '../../domain/translation/translationState.ts'

/** How a run ended. `superseded`: another attempt has the row, or it is gone with its text. */
export type TranslationEnding =
  | { outcome: 'done'; reason: null; characters: number; calls: number; lost: number }
  | { outcome: 'failed' | 'cancelled'; reason: TranslationReason }
  | { outcome: 'superseded'; reason: null }

export const superseded: TranslationEnding = { outcome: 'superseded', reason: null }

import type { SafetyPace, TranslationPace } from '../workflows/contract.ts'
import { safetyPace } from './safetyPace.ts'
import { translationPace } from './translationPace.ts'

/** Durations that no variable of the environment sets. */
export type RunPaces = { safetyPace: SafetyPace; translationPace: TranslationPace }

export const runPaces: RunPaces = { safetyPace, translationPace }

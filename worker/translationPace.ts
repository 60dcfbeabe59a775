import type { TranslationPace } from '../workflows/contract.ts'

/** Of runs that translate. Whoever asked reads the original meanwhile, so a provider that is away for a quarter of an hour is waited for, and no longer. */
export const translationPace: TranslationPace = {
  stepTimeoutMs: 30_000,
  translateTimeoutMs: 120_000,
  heartbeatTimeoutMs: 15_000,
  waitBetweenTriesMs: 500,
  waitBetweenTriesMaxMs: 60_000,
  giveUpAfterMs: 900_000,
  misconfiguredWaitMs: 300_000,
  // A day.
  misconfiguredTriesMax: 288,
}

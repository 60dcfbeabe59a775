import type { TranslationPace } from '../../workflows/contract.ts'
import type { TranslationDeps } from './translationDeps.ts'

/** The durations that this worker was configured with. Read once a run, so that the run's history keeps them for its replay. */
export const createReadTranslationPace =
  ({ pace }: Pick<TranslationDeps, 'pace'>) =>
  async (): Promise<TranslationPace> =>
    pace

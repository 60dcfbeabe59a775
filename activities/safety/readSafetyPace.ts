import type { SafetyPace } from '../../workflows/contract.ts'
import type { SafetyDeps } from './safetyDeps.ts'

/** The durations that this worker was configured with. Read once a run, so that the run's history keeps them for its replay. */
export const createReadSafetyPace =
  ({ pace }: Pick<SafetyDeps, 'pace'>) =>
  async (): Promise<SafetyPace> =>
    pace

import type { RosterPace } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** The durations that this worker was configured with. Read once a run, so that the run's history keeps them for its replay. */
export const createReadRosterPace =
  ({ pace }: Pick<RosterDeps, 'pace'>) =>
  async (): Promise<RosterPace> =>
    pace

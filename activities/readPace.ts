import type { ScanPace } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/** The durations that this worker was configured with. Read once a run, so that the run's history keeps them for its replay. */
export const createReadPace =
  ({ pace }: Pick<AttachmentDeps, 'pace'>) =>
  async (): Promise<ScanPace> =>
    pace

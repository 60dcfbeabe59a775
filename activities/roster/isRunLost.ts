import { withDistrict } from '../../db/openDatabase.ts'
import { isStartPending } from '../../db/queries/isStartPending.ts'
import type { SweepDeps } from '../sweepDeps.ts'

/** Whether nobody works on what this run was asked for: it is gone (terminated, timed out, lost with the server), and nobody is about to start it. */
export const isRunLost = async (
  { app, findRun }: Pick<SweepDeps, 'app' | 'findRun'>,
  districtId: string,
  workflowId: string,
): Promise<boolean> => {
  const run = await findRun(workflowId)
  if (run === 'open' || run === 'unknown') return false
  // One that was never started is the relay's business.
  return run !== 'none' || !(await withDistrict(app, districtId, (tx) => isStartPending(tx, workflowId)))
}

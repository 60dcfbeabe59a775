import { withDistrict } from '../../../db/openDatabase.ts'
import { endPull } from '../../../db/queries/endPull.ts'
import type { PullRef } from '../../../workflows/contract.ts'
import { withSafeFailures } from '../../withSafeFailures.ts'
import type { PullDeps } from './pullDeps.ts'
import { createPullFeed } from './pullFeed.ts'

/** What a run that fetches a roster does beyond itself. */
export const createPullActivities = (deps: PullDeps) =>
  withSafeFailures({
    pullFeed: createPullFeed(deps),
    /** Answers whether it was this attempt's to end. */
    endPull: (ref: PullRef, faultCode: string): Promise<boolean> =>
      withDistrict(deps.app, ref.districtId, (tx) => endPull(tx, { ...ref, faultCode })),
  })

export type PullActivities = ReturnType<typeof createPullActivities>

import type { GuardedFetch } from '../../../clients/guardedFetch/createGuardedFetch.ts'
import type { Patience } from '../../../clients/oneroster/rest/withPatience.ts'
import type { DistrictKeys } from '../../../db/districtKeys.ts'
import type { Database } from '../../../db/openDatabase.ts'
import type { ObjectBucket } from '../../../domain/ports.ts'

/** What fetches rosters acts on. */
export type PullDeps = {
  /** As role `app`: one district at a time. */
  app: Database
  districtKeys: DistrictKeys
  /** Where feeds lie. */
  roster: ObjectBucket
  /** The only way to an address that a district names. */
  guardedFetch: Pick<GuardedFetch, 'send'>
  patience: Patience
  spoolFolder: string
  rosterQueue: string
}

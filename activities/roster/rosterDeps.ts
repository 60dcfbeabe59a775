import type { DistrictKeys } from '../../db/districtKeys.ts'
import type { Database } from '../../db/openDatabase.ts'
import type { Mailer, ObjectBucket, Pager } from '../../domain/ports.ts'
import type { RosterPace } from '../../workflows/contract.ts'

/** What the activities of rosters act on. */
export type RosterDeps = {
  /** As role `app`: one district at a time. */
  app: Database
  /** The address of the same database and role: a feed is staged on a connection of its own. */
  appUrl: string
  districtKeys: DistrictKeys
  /** Feeds, and what is reported of them. */
  roster: ObjectBucket
  mailer: Mailer
  pager: Pager
  /** Wakes an open run; rejects when there is none. */
  wakeRun(workflowId: string): Promise<void>
  pace: RosterPace
  temporal: { namespace: string; uiUrl: string }
  /** Where a feed and its report lie, without a name, while it is read. */
  spoolFolder: string
  /** The queue that runs about rosters are started on. */
  rosterQueue: string
}

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** What of a sync its run must know before it begins; `objectVersionId` once it was pinned. */
export type QueuedSync = { syncId: string; attempt: number; objectKey: string; objectVersionId: string | null }

const columns = sql`id as "syncId", attempt, object_key as "objectKey", object_version_id as "objectVersionId"`

/** The sync whose turn is next in the district; null when none waits. */
export const findNextSync = ({ db, districtId }: DistrictTransaction): Promise<QueuedSync | null> =>
  findRow(
    db,
    sql<QueuedSync>`
      select ${columns} from roster_syncs where district_id = ${districtId} and state = 'queued' order by queued_at, id limit 1`,
  )

/** The sync that this attempt works on, while it has not ended. */
export const findOpenSync = (
  { db, districtId }: DistrictTransaction,
  { syncId, attempt }: { syncId: string; attempt: number },
): Promise<QueuedSync | null> =>
  findRow(
    db,
    sql<QueuedSync>`
      select ${columns} from roster_syncs
      where district_id = ${districtId} and id = ${syncId} and attempt = ${attempt} and state in ('queued', 'running')`,
  )

import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictKeys } from './districtKeys.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { findRow } from './rows.ts'

export type RosterSource = {
  districtId: string
  baseUrl: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  everyHours: number
  bulkEveryDays: number
}

/** Account name of who does it, and why: both stand in the audit log. */
type By = { staff: string; reason: string }

/**
 * Says where a district's roster is fetched from, in place of what was said before. The next look begins it, with everything: how far another system had come means
 * nothing for this one, and an attempt that is under way ends without a sync. As the owner. Null when there is no such district.
 */
export const setRosterPull = async (
  { owner, districtKeys }: { owner: Database; districtKeys: DistrictKeys },
  source: RosterSource & By,
): Promise<{ pullId: string } | null> => {
  const { districtId } = source
  if (!(await withDistrict(owner, districtId, isThere))) return null
  const cipher = await districtKeys.forDistrict(districtId)
  return withDistrict(owner, districtId, async (tx) => {
    const pullId = await findPullId(tx)
    const id = pullId ?? newId()
    const secret = cipher.sealText({ table: 'roster_pulls', rowId: id, column: 'client_secret' }, source.clientSecret)
    const { baseUrl, tokenUrl, clientId, everyHours, bulkEveryDays } = source
    await (
      pullId === null
        ? sql`
      insert into roster_pulls (district_id, id, base_url, token_url, client_id, client_secret, every_hours, bulk_every_days)
      values (${districtId}, ${id}, ${baseUrl}, ${tokenUrl}, ${clientId}, ${secret}, ${everyHours}, ${bulkEveryDays})`
        : sql`
      update roster_pulls set base_url = ${baseUrl}, token_url = ${tokenUrl}, client_id = ${clientId}, client_secret = ${secret},
        every_hours = ${everyHours}, bulk_every_days = ${bulkEveryDays}, is_paused = false, state = 'waiting', mode = null, sync_id = null,
        started_at = null, ended_at = null, outcome = null, fault_code = null, cursor_at = null, bulk_at = null
      where district_id = ${districtId} and id = ${id}`
    ).execute(tx.db)
    await record(tx, 'roster-pull.set', id, source, { everyHours, bulkEveryDays })
    return { pullId: id }
  })
}

/** Lets the fetching rest, or go on. An attempt that is under way ends as it would. Null when the district has none. */
export const pauseRosterPull = (
  owner: Database,
  { districtId, isPaused, ...by }: { districtId: string; isPaused: boolean } & By,
): Promise<{ pullId: string } | null> =>
  withDistrict(owner, districtId, async (tx) => {
    const pullId = await findPullId(tx)
    if (pullId === null) return null
    await sql`update roster_pulls set is_paused = ${isPaused} where district_id = ${districtId} and id = ${pullId}`.execute(tx.db)
    await record(tx, isPaused ? 'roster-pull.pause' : 'roster-pull.resume', pullId, by)
    return { pullId }
  })

const isThere = async ({ db, districtId }: DistrictTransaction): Promise<boolean> =>
  (await findRow(db, sql`select id from districts where id = ${districtId} and kind = 'district'`)) !== null

const findPullId = async ({ db, districtId }: DistrictTransaction): Promise<string | null> =>
  (await findRow(db, sql<{ id: string }>`select id from roster_pulls where district_id = ${districtId} for update`))?.id ?? null

const record = (
  tx: DistrictTransaction,
  action: string,
  pullId: string,
  { staff, reason }: By,
  details: Record<string, number> = {},
): Promise<void> =>
  recordAudit(tx, { actor: { kind: 'staff', name: staff }, action, target: { kind: 'roster-pull', id: pullId }, reason, details })

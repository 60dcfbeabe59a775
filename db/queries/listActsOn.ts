import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'
import type { actorKinds } from '../entities/AuditEntry.ts'

/** What was done to something. Of a person of the district it does not say which, and the reason is not given: it is somebody's own words. */
export type ActOn = {
  entryId: string
  at: Date
  actorKind: (typeof actorKinds)[number]
  /** Null of a user. */
  actor: string | null
  action: string
  details: Record<string, string | number | boolean | null>
}

/** The newest `limit` rows of the audit log about one thing, the last first. */
export const listActsOn = async (
  { db, districtId }: DistrictTransaction,
  target: { kind: string; id: string },
  limit: number,
): Promise<ActOn[]> => {
  const rows = await findRows(
    db,
    sql<Omit<ActOn, 'at'> & { at: string }>`
      select id as "entryId", at, actor_kind as "actorKind", case when actor_kind <> 'user' then actor end as actor, action, details from audit_entries
      where district_id = ${districtId} and target_kind = ${target.kind} and target = ${target.id}
      order by id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, at: toTime(row.at) }))
}

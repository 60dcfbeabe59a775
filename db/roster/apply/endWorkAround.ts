import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { worksFrom } from '../../queries/workDays.ts'
import { districtDay } from '../diff/diffPlaces.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** Everybody of whom the change that is under way says something else than before. */
const concerned = sql`array(select id from diff where subject = 'user' and change in ('changed', 'removed'))`

/**
 * Makes `change`, and ends for good what the district itself once gave to people who have left: their permissions and their connections as service providers and substitutes,
 * and the connections of students who have left. Whoever comes back is given them anew, by somebody who decides it, and not because a feed uses an old id again. What
 * was over before counts too, so that a role which ended with its last day, while no feed came, brings nothing back when it is given anew. What the brake holds
 * has not ended: it is settled when the district decides.
 */
export const endWorkAround = async (tx: RosterTransaction, version: number, change: () => Promise<void>): Promise<void> => {
  await sql`create temporary table ended_grants (id uuid) on commit drop`.execute(tx.db)
  await sql`create temporary table ended_connections (id uuid) on commit drop`.execute(tx.db)
  await gatherOver(tx)
  await change()
  await gatherOver(tx)
  await endGrants(tx, version)
  await endConnections(tx, version)
}

const gatherOver = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  const isOver: RawBuilder<boolean> = sql`not (u.is_active and ${worksFrom('u', districtDay(districtId))})`
  await sql`
    insert into ended_grants
    select g.id from grants g join users u on u.district_id = g.district_id and u.id = g.user_id
    where g.district_id = ${districtId} and g.user_id = any(${concerned}) and (g.ends is null or statement_timestamp() < g.ends) and ${isOver}`.execute(
    db,
  )
  await sql`
    insert into ended_connections
    select c.id from provider_connections c join users u on u.district_id = c.district_id and u.id = c.provider_id
    where c.district_id = ${districtId} and c.provider_id = any(${concerned}) and c.until_version is null and ${isOver}
    union all
    select c.id from provider_connections c join users u on u.district_id = c.district_id and u.id = c.student_id
    where c.district_id = ${districtId} and c.student_id = any(${concerned}) and c.until_version is null and not u.is_active`.execute(db)
}

/** Each with a row in the audit log, as giving it has one. */
const endGrants = async ({ db, districtId }: RosterTransaction, version: number): Promise<void> => {
  await sql`
    with ended as (
      update grants g set ends = greatest(statement_timestamp(), g.begins)
      where g.district_id = ${districtId} and g.id in (select id from ended_grants) returning g.user_id, g.permission)
    insert into audit_entries (district_id, id, actor_kind, actor, action, target_kind, target, reason, details)
    select ${districtId}::uuid, uuidv7(), 'system', 'roster', 'grant.end', 'user', user_id::text, 'their work for the district ended',
      jsonb_build_object('permission', permission, 'rosterVersion', ${version}::bigint)
    from ended`.execute(db)
}

const endConnections = async ({ db, districtId }: RosterTransaction, version: number): Promise<void> => {
  await sql`
    with ended as (
      update provider_connections c set until_version = ${version}::bigint
      where c.district_id = ${districtId} and c.id in (select id from ended_connections)
      returning c.id, jsonb_strip_nulls(jsonb_build_object(
        'providerId', c.provider_id, 'studentId', c.student_id, 'sectionId', c.section_id, 'begins', c.begins, 'ends', c.ends)) as before)
    insert into roster_changes (district_id, version, subject, subject_id, change, reason, before)
    select ${districtId}::uuid, ${version}::bigint, 'provider-connection', id, 'removed', 'person-left', before from ended`.execute(db)
}

import { sql } from 'kysely'
import { isNotHeld } from '../../queries/isNotHeld.ts'
import { isRoleOn, isWork } from '../../queries/workDays.ts'
import { getRow } from '../../rows.ts'
import { districtDay } from '../diff/diffPlaces.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import type { Losses } from './gatherLosses.ts'

/**
 * Gathers in `lost_roles` the roles that the feed would end, but for those that a brake holds already and that no line of a delta removes. `is_loss`: it has days left, and the person keeps no role
 * of its kind that holds today, all of the staff's being one kind. So the brake counts neither who moves to another school nor roles that have new ids.
 */
export const gatherLostRoles = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  const isAlike = sql<boolean>`(k.role = g.role or ${isWork('k')} and ${isWork('g')})`
  await sql`
    create temporary table lost_roles on commit drop as
    with today as materialized (select ${districtDay(districtId)} as day),
    gone as (
      select r.*, case when d.is_named then 'to-be-deleted' else 'absent-from-bulk' end as reason, d.is_final
      from dropped_roles d join org_roles r on r.district_id = ${districtId} and r.sourced_id = d.sourced_id
      union all
      select r.*, 'in-feed', false from wanted_roles w join org_roles r on r.district_id = ${districtId} and r.sourced_id = w.sourced_id where w.is_loss)
    select g.id, g.sourced_id, g.user_id, g.role, g.reason, (g.ends is null or today.day < g.ends)
      and not exists (select 1 from wanted_roles k where k.user_id = g.user_id and not k.is_loss and ${isAlike} and ${isRoleOn('k', sql`today.day`)})
      and not exists (
        select 1 from org_roles k where k.district_id = ${districtId} and k.user_id = g.user_id and ${isAlike} and ${isRoleOn('k', sql`today.day`)}
          and ${isNotHeld('k', 'as-ended')} and not exists (select 1 from dropped_roles d where d.sourced_id = k.sourced_id)
          and not exists (select 1 from wanted_roles w where w.sourced_id = k.sourced_id)) as is_loss
    from gone g cross join today where g.is_final or ${isNotHeld('g', 'as-ended')}`.execute(db)
}

/**
 * What of `lost_roles` the brake counts: the staff's roles for themselves, since permissions and connections hang on them and they are few among everybody's,
 * and then all of them.
 */
export const countLostRoles = async ({ db, districtId }: RosterTransaction): Promise<Losses[]> => {
  const lost = await getRow(
    db,
    sql<{ staff: string; all: string }>`
      select count(*) filter (where ${isWork('r')}) as staff, count(*) as all from lost_roles r where r.is_loss`,
  )
  if (Number(lost.all) === 0) return []
  const active = await getRow(
    db,
    sql<{ staff: string; all: string }>`
      select count(*) filter (where ${isWork('r')}) as staff, count(*) as all from org_roles r
      where r.district_id = ${districtId} and (r.ends is null or ${districtDay(districtId)} < r.ends) and ${isNotHeld('r', 'as-ended')}`,
  )
  return [
    { subject: 'org-role', lost: Number(lost.staff), active: Number(active.staff) },
    { subject: 'org-role', lost: Number(lost.all), active: Number(active.all) },
  ]
}

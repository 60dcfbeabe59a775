import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { findAdded, resolve } from './diffTable.ts'

/**
 * Compares who is whose guardian. Lines of people name each other (`agentSourcedIds`), on either side; which of the two is the guardian their roles say:
 * the other one is a student. Where both are, one of them must be nothing else. Only pairs are looked at of whom some line changed.
 */
export const diffGuardianships = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  await gatherToldPairs(tx)
  await diffLinks(tx, mode)
  await gatherPairs(tx)
  const { db, districtId } = tx
  await sql`
    create temporary table wanted_guardianships on commit drop as
    select pair.guardian_id, pair.student_id, coalesce(told.custody, s.custody, u.custody, 'unknown') as custody, pair.line,
      r.id as old_id, r.custody as old_custody, uuidv7() as id
    from pairs pair
    left join users u on u.district_id = ${districtId} and u.id = pair.guardian_id
    left join staged_users s on s.id = pair.guardian_id
    left join told_custody told on told.one_id = pair.guardian_id and told.other_id = pair.student_id
    left join guardianships r on r.district_id = ${districtId} and r.guardian_id = pair.guardian_id and r.student_id = pair.student_id and r.until_version is null
    where r.id is null or r.custody is distinct from coalesce(told.custody, s.custody, u.custody, 'unknown')`.execute(db)
  await sql`
    insert into diff (subject, id, change, reason, file, line, is_loss)
    select 'guardianship', coalesce(w.old_id, w.id), case when w.old_id is null then 'added' else 'changed' end, 'links-changed', 'users.csv', w.line,
      coalesce(w.old_custody = 'permitted' and w.custody <> 'permitted', false)
    from wanted_guardianships w
    union all
    select 'guardianship', r.id, 'removed', 'links-changed', 'users.csv', null, true
    from guardianships r
    where r.district_id = ${districtId} and r.until_version is null
      and (r.guardian_id in (select user_id from linked) or r.student_id in (select user_id from linked))
      and not exists (select 1 from pairs pair where pair.guardian_id = r.guardian_id and pair.student_id = r.student_id)`.execute(db)
}

/**
 * In `told_pairs` what an event says of pairs; in `newer_pairs`, both ways round, those of whom a newer one has spoken, so that this feed may neither link nor
 * part them.
 */
const gatherToldPairs = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table told_pairs on commit drop as
    select guardian.id as guardian_id, student.id as student_id, s.custody from staged_guardianships s
    join users guardian on guardian.district_id = ${districtId} and guardian.sourced_id = s.guardian_sourced_id
    join users student on student.district_id = ${districtId} and student.sourced_id = s.student_sourced_id`.execute(db)
  await sql`
    create temporary table newer_pairs on commit drop as
    with named as (
      select student.id as student_id, guardian.id as guardian_id from newer
      join users student on student.district_id = ${districtId} and student.sourced_id = split_part(newer.sourced_id, ' ', 1)
      join users guardian on guardian.district_id = ${districtId} and guardian.sourced_id = split_part(newer.sourced_id, ' ', 2)
      where newer.file = 'guardianships')
    select student_id as user_id, guardian_id as agent_id from named union all select guardian_id, student_id from named`.execute(db)
}

/**
 * What events told of the custody of single pairs: in `pair_custody` where that changes, in `told_custody` what holds then, both ways round. It goes before what
 * the guardian's line says, until a newer such line comes from a system that tells of custody. Of two, what gives less holds.
 */
const diffToldCustody = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table pair_custody on commit drop as
    select f.user_id, f.agent_id, t.custody from told_pairs t
    join feed_links f on (f.user_id, f.agent_id) in ((t.guardian_id, t.student_id), (t.student_id, t.guardian_id))
    left join agent_links l on l.district_id = ${districtId} and l.user_id = f.user_id and l.agent_id = f.agent_id
    where t.custody is not null and l.custody is distinct from t.custody
    union
    select l.user_id, l.agent_id, null from agent_links l
    join guardianships g on g.district_id = l.district_id and g.until_version is null
      and (g.guardian_id = l.user_id and g.student_id = l.agent_id or g.guardian_id = l.agent_id and g.student_id = l.user_id)
    join users u on u.district_id = g.district_id and u.id = g.guardian_id
    join staged_users s on s.sourced_id = u.sourced_id
    where l.district_id = ${districtId} and l.custody is not null
      and (select d.custody_column is not null from districts d where d.id = ${districtId})
      and not exists (select 1 from newer_pairs n where n.user_id = l.user_id and n.agent_id = l.agent_id)`.execute(db)
  await sql`
    create temporary table told_custody on commit drop as
    with told as (
      select p.user_id, p.agent_id, p.custody from pair_custody p where p.custody is not null
      union all select l.user_id, l.agent_id, l.custody from agent_links l
      where l.district_id = ${districtId} and l.custody is not null
        and not exists (select 1 from pair_custody p where p.user_id = l.user_id and p.agent_id = l.agent_id)
        and not exists (select 1 from dropped_links d where d.user_id = l.user_id and d.agent_id = l.agent_id)),
    both_ways as (select user_id as one_id, agent_id as other_id, custody from told union all select agent_id, user_id, custody from told)
    select one_id, other_id, (array_agg(custody order by array_position(array['denied', 'unknown', 'permitted'], custody)))[1] as custody
    from both_ways group by one_id, other_id`.execute(db)
}

/**
 * `dropped_links` and `wanted_links`, and in `linked` everybody whose guardianships may be others than before. A guardianship that a brake held or that was
 * given back may lag behind what the roster knows of the guardian, so it is held against the line itself.
 */
const diffLinks = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  const { db, districtId } = tx
  const feedAdds = await findAdded(tx)
  const one = resolve(districtId, { subject: 'user', table: 'users', as: 'one', reference: sql`s.user_sourced_id` }, feedAdds)
  const other = resolve(districtId, { subject: 'user', table: 'users', as: 'other', reference: sql`s.agent_sourced_id` }, feedAdds)
  await sql`
    create temporary table feed_links on commit drop as
    select ${one.id} as user_id, ${other.id} as agent_id, min(s.line) as line
    from staged_agents s ${one.joins} ${other.joins}
    where ${one.id} is not null and ${other.id} is not null and ${one.id} <> ${other.id}
    group by 1, 2`.execute(db)
  await sql`delete from feed_links f using newer_pairs n where n.user_id = f.user_id and n.agent_id = f.agent_id`.execute(db)
  await sql`
    insert into feed_links (user_id, agent_id)
    select case when is_back then t.guardian_id else t.student_id end, case when is_back then t.student_id else t.guardian_id end
    from told_pairs t cross join lateral (
      select exists (select 1 from agent_links l where l.district_id = ${districtId} and l.user_id = t.guardian_id and l.agent_id = t.student_id)
        and not exists (select 1 from agent_links l where l.district_id = ${districtId} and l.user_id = t.student_id and l.agent_id = t.guardian_id) as is_back) which
    where t.custody is not null`.execute(db)
  await sql`
    create temporary table wanted_links on commit drop as
    select f.* from feed_links f
    where not exists (select 1 from agent_links l where l.district_id = ${districtId} and l.user_id = f.user_id and l.agent_id = f.agent_id)`.execute(
    db,
  )
  const isSpokenOf =
    mode === 'bulk'
      ? sql`position(':' in u.sourced_id) = 0 and not exists (select 1 from newer where newer.file = 'users' and newer.sourced_id = u.sourced_id)`
      : sql`u.sourced_id in (select s.sourced_id from staged_users s union all select named.sourced_id from staged_removals named where named.file = 'users')`
  await sql`
    create temporary table dropped_links on commit drop as
    select l.user_id, l.agent_id from agent_links l
    join users u on u.district_id = l.district_id and u.id = l.user_id
    where l.district_id = ${districtId} and ${mode !== undefined} and ${isSpokenOf}
      and not exists (select 1 from feed_links f where f.user_id = l.user_id and f.agent_id = l.agent_id)`.execute(db)
  await sql`delete from dropped_links d using newer_pairs n where n.user_id = d.user_id and n.agent_id = d.agent_id`.execute(db)
  await sql`
    insert into dropped_links
    select l.user_id, l.agent_id from told_pairs t
    join agent_links l on l.district_id = ${districtId} and (l.user_id, l.agent_id) in ((t.guardian_id, t.student_id), (t.student_id, t.guardian_id))
    join users u on u.district_id = l.district_id and u.id = l.user_id
    where t.custody is null and not exists (select 1 from newer where newer.file = 'users' and newer.sourced_id = u.sourced_id)`.execute(db)
  await diffToldCustody({ db, districtId })
  await sql`
    create temporary table linked on commit drop as
    select user_id from dropped_links union select agent_id from dropped_links
    union select user_id from wanted_links union select agent_id from wanted_links
    union select user_id from pair_custody union select agent_id from pair_custody
    union select user_id from target_roles
    union select coalesce(u.id, s.id) from staged_users s left join users u on u.district_id = ${districtId} and u.sourced_id = s.sourced_id
      where u.id is null or u.custody <> s.custody
    union select g.guardian_id from staged_users s
      join users u on u.district_id = ${districtId} and u.sourced_id = s.sourced_id
      join guardianships g on g.district_id = ${districtId} and g.guardian_id = u.id and g.until_version is null
      where g.custody <> s.custody`.execute(db)
}

/** In `pairs`: who would be whose guardian, of everybody `linked`. */
const gatherPairs = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table pairs on commit drop as
    with there as (
      select l.user_id, l.agent_id, null::int as line from linked c join agent_links l on l.district_id = ${districtId} and l.user_id = c.user_id
      union select l.user_id, l.agent_id, null from linked c join agent_links l on l.district_id = ${districtId} and l.agent_id = c.user_id),
    links as (
      select * from there where not exists (
        select 1 from dropped_links d where d.user_id = there.user_id and d.agent_id = there.agent_id)
      union all select user_id, agent_id, line from wanted_links),
    people as (select user_id as id from links union select agent_id from links),
    standing as (
      select p.id, coalesce(t.is_student, known.is_student, false) as is_student, coalesce(t.is_only_student, known.is_only_student, false) as is_only_student
      from people p
      left join target_roles t on t.user_id = p.id
      left join lateral (
        select bool_or(r.role = 'student') as is_student, bool_and(r.role = 'student') as is_only_student
        from org_roles r where r.district_id = ${districtId} and r.user_id = p.id) known on t.user_id is null),
    oriented as (
      select case when one_is_child then l.agent_id else l.user_id end as guardian_id, case when one_is_child then l.user_id else l.agent_id end as student_id, l.line
      from links l
      join standing one on one.id = l.user_id
      join standing other on other.id = l.agent_id
      cross join lateral (select
        one.is_student and not other.is_student or one.is_only_student and not other.is_only_student as one_is_child,
        other.is_student and not one.is_student or other.is_only_student and not one.is_only_student as other_is_child) which
      where which.one_is_child <> which.other_is_child)
    select guardian_id, student_id, min(line) as line from oriented group by guardian_id, student_id`.execute(db)
}

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { collectWorkDays, isRoleOn, isWork, workDays } from '../../queries/workDays.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { diffRemovals, findAdded, resolve } from './diffTable.ts'
import { districtDay } from './diffPlaces.ts'
import { toFacts } from './facts.ts'

type Modes = ReadonlyMap<string, 'bulk' | 'delta'>

/** Compares people with the roster. Somebody who is disabled loses as much as somebody who is gone. */
export const diffUsers = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  if (mode === undefined) return
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, before, is_loss)
    select 'user', coalesce(r.id, s.id), s.sourced_id, case when r.id is null then 'added' else 'changed' end, 'in-feed', 'users.csv', s.line,
      case when r.id is not null then ${toFacts('user', 'r')} end, coalesce(r.is_active and not s.is_active, false)
    from staged_users s
    left join users r on r.district_id = ${tx.districtId} and r.sourced_id = s.sourced_id
    where r.id is null or (s.has_new_contact and r.id = s.id)
      or (r.given_name, r.family_name, r.is_active, r.custody, r.roster_language)
        is distinct from (s.given_name, s.family_name, s.is_active, s.custody, s.roster_language)`.execute(tx.db)
  const of = { subject: 'user', staged: 'staged_users', file: 'users', table: 'users' } as const
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.is_active`, before: toFacts('user', 'r'), isLoss: true })
}

const isWorkToday = (alias: string): RawBuilder<boolean> => sql<boolean>`(${isWork(alias)} and ${isRoleOn(alias, sql`today.day`)})`

/**
 * Compares what people are in organisations: `dropped_roles` (`is_named`: a line removes it; `is_final`: one of a delta), `wanted_roles` (new or changed; `is_loss`: who worked for the
 * district by it today would not any more), and in `target_roles` what each person concerned is then.
 * `areOnUsers`: the lines of users say it (OneRoster 1.1, events), so a user's line replaces all that was known.
 */
export const diffRoles = async (tx: RosterTransaction, modes: Modes, areOnUsers: boolean): Promise<void> => {
  const { db, districtId } = tx
  const user = resolve(
    districtId,
    { subject: 'user', table: 'users', as: 'person', reference: sql`s.user_sourced_id` },
    await findAdded(tx),
  )
  const isBulk = modes.get('roles') === 'bulk' || (areOnUsers && modes.get('users') === 'bulk')
  await sql`
    create temporary table wanted_roles on commit drop as
    select s.sourced_id, ${user.id} as user_id, s.org_sourced_id, s.role, s.begins, s.ends, r.sourced_id is null as is_new, r.user_id as old_user_id,
      r.sourced_id is not null and ${isWorkToday('r')} and not (r.user_id = ${user.id} and ${isWorkToday('s')}) as is_loss
    from staged_roles s
    ${user.joins}
    left join org_roles r on r.district_id = ${districtId} and r.sourced_id = s.sourced_id
    cross join (select ${districtDay(districtId)} as day) today
    where ${user.id} is not null and (r.sourced_id is null
      or (r.user_id, r.org_sourced_id, r.role, r.begins, r.ends) is distinct from (${user.id}, s.org_sourced_id, s.role, s.begins, s.ends))`.execute(
    db,
  )
  await sql`
    create temporary table dropped_roles on commit drop as
    select r.sourced_id, r.user_id, r.role, named.sourced_id is not null as is_named,
      named.sourced_id is not null and not ${isBulk} as is_final
    from org_roles r
    left join (select distinct sourced_id from staged_removals where file = 'roles') named on named.sourced_id = r.sourced_id
    where r.district_id = ${districtId} and (
      named.sourced_id is not null
      or not exists (select 1 from staged_roles s where s.sourced_id = r.sourced_id) and (
        ${isBulk} and not exists (
          select 1 from newer join users u on u.district_id = ${districtId} and u.sourced_id = newer.sourced_id
          where newer.file = 'users' and u.id = r.user_id or newer.file = 'roles' and newer.sourced_id = r.sourced_id)
        or ${areOnUsers} and exists (
          select 1 from users u join staged_users su on su.sourced_id = u.sourced_id where u.district_id = ${districtId} and u.id = r.user_id)))`.execute(
    db,
  )
  await gatherTargetRoles(tx)
}

/** In `target_roles` what each person is, and on which days they work for the district, whose roles are new, changed or dropped. */
export const gatherTargetRoles = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table target_roles on commit drop as
    with concerned as (
      select user_id from dropped_roles union select user_id from wanted_roles union select old_user_id from wanted_roles where old_user_id is not null
      union select id from diff where subject = 'user' and change = 'added' union select id from facts_before),
    held as (
      select r.district_id, r.id, r.user_id, r.role, r.begins, r.ends from concerned c join org_roles r on r.district_id = ${districtId} and r.user_id = c.user_id
      where not exists (select 1 from dropped_roles d where d.sourced_id = r.sourced_id) and not exists (select 1 from wanted_roles w where w.sourced_id = r.sourced_id)
      union all select ${districtId}::uuid, null::uuid, w.user_id, w.role, w.begins, w.ends from wanted_roles w),
    known as (select h.*, h.ends is null or ${districtDay(districtId)} < h.ends as is_left from held h)
    select c.user_id,
      coalesce((array_agg(h.role order by array_position(array['teacher', 'aide', 'staff', 'guardian', 'student'], h.role)) filter (where h.is_left))[1], 'staff') as role,
      coalesce(bool_or(h.role = 'student') filter (where h.is_left), false) as is_student,
      coalesce(bool_and(h.role = 'student') filter (where h.is_left), false) as is_only_student,
      ${collectWorkDays('h')} as work_days
    from concerned c
    left join known h on h.user_id = c.user_id
    group by c.user_id`.execute(db)
}

/**
 * Keeps in `facts_before` what of these people decides access, before a role of theirs is held or given back: their change says so afterwards, and what
 * was before.
 */
export const rememberFacts = async ({ db, districtId }: RosterTransaction, people: RawBuilder<unknown>): Promise<void> => {
  await sql`
    insert into facts_before select u.id, ${toFacts('user', 'u')} from users u
    where u.district_id = ${districtId} and u.id in ${people} and not exists (select 1 from facts_before known where known.id = u.id)`.execute(
    db,
  )
}

/** Somebody who becomes another thing, or works for the district on other days or in doubt, changed, with the rest of them or alone. */
export const diffRoleChanges = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, before, is_loss)
    select 'user', r.id, r.sourced_id, 'changed', 'in-feed', 'roles.csv', coalesce(b.facts, ${toFacts('user', 'r')}), false
    from target_roles t
    join users r on r.district_id = ${districtId} and r.id = t.user_id and position(':' in r.sourced_id) = 0
    left join facts_before b on b.id = r.id
    where (r.role <> t.role or coalesce(b.facts -> 'workDays', ${workDays('r')}) <> t.work_days) and not exists (select 1 from diff d where d.subject = 'user' and d.id = r.id and d.change <> 'suspended')`.execute(
    db,
  )
}

/**
 * As `diffRoles` and `diffRoleChanges` once more, when roles that were to be dropped stay, are held or are given back: what somebody is follows from the roles
 * that are written, or no later feed that says the same would put it right.
 */
export const diffRolesAgain = async (tx: RosterTransaction): Promise<void> => {
  await sql`drop table target_roles`.execute(tx.db)
  await gatherTargetRoles(tx)
  await sql`delete from diff where subject = 'user' and change = 'changed' and file = 'roles.csv'`.execute(tx.db)
  await diffRoleChanges(tx)
}

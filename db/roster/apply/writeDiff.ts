import { sql } from 'kysely'
import { getRow } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** Writes what the diff says, as one version: places and people first, which the rest refers to. */
export const writeDiff = async (tx: RosterTransaction, version: number): Promise<void> => {
  await writePlaces(tx)
  await writeSections(tx)
  await writeUsers(tx)
  await writeRaw(tx)
  await writeEnrollments(tx, version)
  await writeGuardianships(tx, version)
  // What is gone, or an interval that is closed, needs no suspension: it cannot come back by one that is discarded.
  await sql`
    delete from suspensions held using diff d
    where held.district_id = ${tx.districtId} and held.subject_id = d.id
      and (d.change = 'removed' or d.change = 'changed' and d.subject in ('enrollment', 'guardianship'))`.execute(tx.db)
}

const writePlaces = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    insert into schools (district_id, id, sourced_id, name, type)
    select ${districtId}::uuid, d.id, d.sourced_id, s.name, s.type from diff d join staged_schools s on s.sourced_id = d.sourced_id
    where d.subject = 'school' and d.change = 'added'`.execute(db)
  await sql`
    update schools r set name = s.name, type = s.type, is_active = true from diff d join staged_schools s on s.sourced_id = d.sourced_id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'school' and d.change = 'changed'`.execute(db)
  await sql`
    insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
    select ${districtId}::uuid, d.id, d.sourced_id, s.title, s.begins, s.ends, s.school_year from diff d join staged_terms s on s.sourced_id = d.sourced_id
    where d.subject = 'term' and d.change = 'added'`.execute(db)
  await sql`
    update terms r set title = s.title, begins = s.begins, ends = s.ends, school_year = s.school_year, is_active = true
    from diff d join staged_terms s on s.sourced_id = d.sourced_id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'term' and d.change = 'changed'`.execute(db)
  await sql`
    insert into courses (district_id, id, sourced_id, title)
    select ${districtId}::uuid, d.id, d.sourced_id, s.title from diff d join staged_courses s on s.sourced_id = d.sourced_id
    where d.subject = 'course' and d.change = 'added'`.execute(db)
  await sql`
    update courses r set title = s.title, is_active = true from diff d join staged_courses s on s.sourced_id = d.sourced_id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'course' and d.change = 'changed'`.execute(db)
  for (const [table, subject] of [
    ['schools', 'school'],
    ['terms', 'term'],
    ['courses', 'course'],
    ['sections', 'section'],
    ['users', 'user'],
  ])
    await sql`
      update ${sql.table(table ?? '')} r set is_active = false from diff d
      where r.district_id = ${districtId} and r.id = d.id and d.subject = ${subject} and d.change = 'removed'`.execute(db)
}

const writeSections = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    insert into sections (district_id, id, sourced_id, school_id, course_id, title, grades)
    select ${districtId}::uuid, w.id, w.sourced_id, w.school_id, w.course_id, w.title, w.grades from diff d join wanted_sections w on w.id = d.id
    where d.subject = 'section' and d.change = 'added'`.execute(db)
  await sql`
    update sections r set school_id = w.school_id, course_id = w.course_id, title = w.title, grades = w.grades, is_active = true from diff d join wanted_sections w on w.id = d.id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'section' and d.change = 'changed'`.execute(db)
  await sql`
    delete from section_terms st using diff d join wanted_sections w on w.id = d.id
    where st.district_id = ${districtId} and st.section_id = d.id and d.subject = 'section' and d.change = 'changed' and not st.term_id = any(w.term_ids)`.execute(
    db,
  )
  await sql`
    insert into section_terms (district_id, section_id, term_id)
    select ${districtId}::uuid, w.id, term_id from diff d join wanted_sections w on w.id = d.id cross join unnest(w.term_ids) term_id
    where d.subject = 'section' and d.change in ('added', 'changed') on conflict do nothing`.execute(db)
}

const writeUsers = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    insert into users (district_id, id, sourced_id, role, given_name, family_name, email, email_hash, phone, phone_hash, is_active, custody, roster_language)
    select ${districtId}::uuid, d.id, d.sourced_id, coalesce(t.role, 'staff'), s.given_name, s.family_name, s.email, s.email_hash, s.phone, s.phone_hash, s.is_active, s.custody,
      s.roster_language
    from diff d join staged_users s on s.sourced_id = d.sourced_id left join target_roles t on t.user_id = d.id
    where d.subject = 'user' and d.change = 'added'`.execute(db)
  await sql`
    update users r set given_name = s.given_name, family_name = s.family_name, is_active = s.is_active, custody = s.custody,
      roster_language = s.roster_language
    from diff d join staged_users s on s.sourced_id = d.sourced_id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'user' and d.change = 'changed' and d.file = 'users.csv'`.execute(
    db,
  )
  // Sealed under this id: somebody of the same name in the feed, made meanwhile under another, keeps what they have until the next feed.
  await sql`
    update users r set email = s.email, email_hash = s.email_hash, phone = s.phone, phone_hash = s.phone_hash
    from diff d join staged_users s on s.id = d.id
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'user' and d.change = 'changed' and s.has_new_contact`.execute(db)
}

/** What lines say that the roster is made of, where nothing that is made of it may have changed. */
export const writeRaw = async (tx: RosterTransaction): Promise<void> => {
  const { db, districtId } = tx
  await writeDroppedRoles(tx)
  await sql`
    insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role, begins, ends)
    select ${districtId}::uuid, sourced_id, user_id, org_sourced_id, role, begins, ends from wanted_roles where is_new`.execute(db)
  await sql`
    update org_roles r set user_id = w.user_id, org_sourced_id = w.org_sourced_id, role = w.role, begins = w.begins, ends = w.ends from wanted_roles w
    where r.district_id = ${districtId} and r.sourced_id = w.sourced_id and not w.is_new`.execute(db)
  await writeTargetRoles(tx)
  await sql`
    delete from agent_links l using dropped_links d where l.district_id = ${districtId} and l.user_id = d.user_id and l.agent_id = d.agent_id`.execute(
    db,
  )
  await sql`
    update agent_links l set custody = p.custody from pair_custody p
    where l.district_id = ${districtId} and l.user_id = p.user_id and l.agent_id = p.agent_id`.execute(db)
  await sql`
    insert into agent_links (district_id, user_id, agent_id, custody)
    select ${districtId}::uuid, w.user_id, w.agent_id, p.custody from wanted_links w
    left join pair_custody p on p.user_id = w.user_id and p.agent_id = w.agent_id on conflict do nothing`.execute(db)
}

/** Roles that are gone, and what held them. */
export const writeDroppedRoles = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    with gone as (
      delete from org_roles r using dropped_roles d where r.district_id = ${districtId} and r.sourced_id = d.sourced_id returning r.id)
    delete from suspensions held using gone where held.district_id = ${districtId} and held.subject_id = gone.id`.execute(db)
}

/** What people are called follows from their roles. */
export const writeTargetRoles = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    update users r set role = t.role from target_roles t
    where r.district_id = ${districtId} and r.id = t.user_id and r.role <> t.role and position(':' in r.sourced_id) = 0`.execute(db)
}

const writeEnrollments = async ({ db, districtId }: RosterTransaction, version: number): Promise<void> => {
  await sql`
    update enrollments r set until_version = ${version}::bigint from diff d
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'enrollment' and d.change in ('changed', 'removed')`.execute(db)
  await sql`
    insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, ends, since_version)
    select ${districtId}::uuid, id, sourced_id, user_id, section_id, role, begins, ends, ${version}::bigint from wanted_enrollments`.execute(
    db,
  )
}

const writeGuardianships = async ({ db, districtId }: RosterTransaction, version: number): Promise<void> => {
  await sql`
    update guardianships r set until_version = ${version}::bigint from diff d
    where r.district_id = ${districtId} and r.id = d.id and d.subject = 'guardianship' and d.change in ('changed', 'removed')`.execute(db)
  await sql`
    insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, since_version)
    select ${districtId}::uuid, id, guardian_id, student_id, 'guardian', custody, ${version}::bigint from wanted_guardianships`.execute(db)
}

/** Whether roles or links of the feed are others than those known. */
export const hasRawChanges = async ({ db }: RosterTransaction): Promise<boolean> => {
  const { is } = await getRow(
    db,
    sql<{ is: boolean }>`
      select exists (select 1 from wanted_roles) or exists (select 1 from dropped_roles)
        or exists (select 1 from wanted_links) or exists (select 1 from dropped_links) or exists (select 1 from pair_custody) as is`,
  )
  return is
}

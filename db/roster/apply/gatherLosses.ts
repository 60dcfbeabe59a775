import { sql } from 'kysely'
import { isHeld, type BrakeLimits } from '../../../domain/roster/brake.ts'
import type { RosterSubject } from '../../../domain/roster/subjects.ts'
import { findRows, getRow } from '../../rows.ts'
import { termsToRun } from '../diff/diffPlaces.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** Of one kind of row: how many there were that connect people or can, and how many of them the feed would end. */
export type Losses = { subject: RosterSubject; active: number; lost: number }

/**
 * Gathers in `lost_enrollments` and `lost_guardianships` what the feed would end, with what follows from people, sections, schools and terms that would go: whoever
 * removes one term darkens all of its sections. `is_held`: a brake holds it already and no line of the feed names it, so that it is not counted twice. A delta that
 * removes by name what is held counts like any other: as many lines again are held again, and one is what somebody meant. Looked
 * up by arrays: whatever Postgres thinks of tables that it has not counted, it goes by the index, so that a single change costs the same in a district of a
 * million enrollments.
 */
export const gatherLosses = async (tx: RosterTransaction): Promise<void> => {
  await gatherDarkSections(tx)
  const { db, districtId } = tx
  await sql`
    create temporary table lost_enrollments on commit drop as
    select r.*, exists (select 1 from suspensions held where held.district_id = ${districtId} and held.subject_id = r.id)
      and r.id not in (select id from diff where subject = 'enrollment' and is_loss) as is_held from (
      select e.id, e.user_id, e.section_id, e.role from enrollments e
      where e.district_id = ${districtId} and e.id = any(array(select id from diff where subject = 'enrollment' and is_loss))
      union select e.id, e.user_id, e.section_id, e.role from enrollments e
      where e.district_id = ${districtId} and e.user_id = any(${lostPeople}) and e.until_version is null
      union select e.id, e.user_id, e.section_id, e.role from enrollments e
      where e.district_id = ${districtId} and e.section_id = any(array(select id from dark_sections)) and e.until_version is null
    ) r`.execute(db)
  await sql`
    create temporary table lost_guardianships on commit drop as
    select r.*, exists (select 1 from suspensions held where held.district_id = ${districtId} and held.subject_id = r.id) as is_held from (
      select g.id, g.guardian_id, g.student_id from guardianships g
      where g.district_id = ${districtId} and g.id = any(array(select id from diff where subject = 'guardianship' and is_loss))
      union select g.id, g.guardian_id, g.student_id from guardianships g
      where g.district_id = ${districtId} and g.guardian_id = any(${lostPeople}) and g.until_version is null
      union select g.id, g.guardian_id, g.student_id from guardianships g
      where g.district_id = ${districtId} and g.student_id = any(${lostPeople}) and g.until_version is null
    ) r`.execute(db)
}

const lostPeople = sql`array(select id from diff where subject = 'user' and is_loss)`

/** Sections that would connect nobody any more: removed, moved into other terms, or without a term that runs. */
const gatherDarkSections = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table dark_sections on commit drop as
    with running as materialized (${termsToRun(districtId)}),
    concerned as (
      select st.section_id as id from diff d join section_terms st on st.district_id = ${districtId} and st.term_id = d.id
      where d.subject = 'term' and d.is_loss)
    select d.id from diff d where d.subject = 'section' and d.is_loss
    union
    select c.id from concerned c
    where not exists (
      select 1 from wanted_sections w where w.id = c.id and w.term_ids && (select array_agg(id) from running))
    and not exists (
      select 1 from section_terms st where st.district_id = ${districtId} and st.section_id = c.id and st.term_id in (select id from running)
        and not exists (select 1 from wanted_sections w where w.id = c.id))`.execute(db)
}

/** Counts what is gathered but for roles, and of each kind that loses anything the rows that there are: all of the district's. */
export const countLosses = async (tx: RosterTransaction): Promise<Losses[]> => {
  const counts = await findRows(
    tx.db,
    sql<{ subject: RosterSubject; lost: string }>`
      select 'enrollment' as subject, count(*) as lost from lost_enrollments where not is_held
      union all select 'guardianship', count(*) from lost_guardianships where not is_held
      union all select subject, count(*) from diff where is_loss and subject in ('school', 'term', 'section', 'user') group by subject`,
  )
  const found: Losses[] = []
  for (const { subject, lost } of counts) {
    if (Number(lost) > 0) found.push({ subject, lost: Number(lost), active: await countActive(tx, subject) })
  }
  return found
}

const activeRows: Readonly<Partial<Record<RosterSubject, string>>> = {
  school: 'schools r where r.is_active',
  term: 'terms r where r.is_active',
  section: 'sections r where r.is_active',
  user: 'users r where r.is_active',
  enrollment: 'enrollments r where r.until_version is null',
  guardianship: 'guardianships r where r.until_version is null',
}

const countActive = async ({ db, districtId }: RosterTransaction, subject: RosterSubject): Promise<number> => {
  const { count } = await getRow(
    db,
    sql<{ count: string }>`
      select count(*) as count from ${sql.raw(activeRows[subject] ?? '')} and r.district_id = ${districtId}
        and not exists (select 1 from suspensions held where held.district_id = ${districtId} and held.subject_id = r.id)`,
  )
  return Number(count)
}

/** The district's limits. */
export const findBrakeLimits = ({ db, districtId }: RosterTransaction): Promise<BrakeLimits> =>
  getRow(db, sql<BrakeLimits>`select brake_percent as percent, brake_rows as rows from districts where id = ${districtId}`)

/** Whether the removals are suspiciously many, of any kind of row. */
export const isBraked = (losses: readonly Losses[], limits: BrakeLimits): boolean =>
  losses.some(({ active, lost }) => isHeld({ active, removed: lost }, limits))

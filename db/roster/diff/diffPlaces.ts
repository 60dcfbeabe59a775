import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { diffRemovals, findAdded, resolve } from './diffTable.ts'
import { toFacts } from './facts.ts'

type Modes = ReadonlyMap<string, 'bulk' | 'delta'>

/** The day in the district, by the database's clock. */
export const districtDay = (districtId: string) =>
  sql`(select (statement_timestamp() at time zone d.time_zone)::date from districts d where d.id = ${districtId})`

/** Compares organisations, terms, courses and sections with the roster, in that order: what is referred to comes first. */
export const diffPlaces = async (tx: RosterTransaction, modes: Modes): Promise<void> => {
  await diffSchools(tx, modes.get('orgs'))
  await diffTerms(tx, modes.get('academicSessions'))
  await diffCourses(tx, modes.get('courses'))
  await gatherSections(tx)
  await diffSections(tx, modes.get('classes'))
  await markDarkened(tx)
  await diffDarkSections(tx)
}

const diffSchools = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  if (mode === undefined) return
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, is_loss)
    select 'school', coalesce(r.id, uuidv7()), s.sourced_id, case when r.id is null then 'added' else 'changed' end, 'in-feed', 'orgs.csv', s.line, false
    from staged_schools s
    left join schools r on r.district_id = ${tx.districtId} and r.sourced_id = s.sourced_id
    where r.id is null or not r.is_active or (r.name, r.type) is distinct from (s.name, s.type)`.execute(tx.db)
  const of = { subject: 'school', staged: 'staged_schools', file: 'orgs', table: 'schools' } as const
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.is_active`, before: sql`null::jsonb`, isLoss: true })
}

/** A term that runs today and would not with its new dates ends what its end would end. */
const diffTerms = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  if (mode === undefined) return
  const day = districtDay(tx.districtId)
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, before, is_loss)
    select 'term', coalesce(r.id, uuidv7()), s.sourced_id, case when r.id is null then 'added' else 'changed' end, 'in-feed', 'academicSessions.csv', s.line,
      case when r.id is not null then ${toFacts('term', 'r')} end,
      coalesce(r.is_active and r.begins <= ${day} and ${day} < r.ends and not (s.begins <= ${day} and ${day} < s.ends), false)
    from staged_terms s
    left join terms r on r.district_id = ${tx.districtId} and r.sourced_id = s.sourced_id
    where r.id is null or not r.is_active
      or (r.title, r.begins, r.ends, r.school_year) is distinct from (s.title, s.begins, s.ends, s.school_year)`.execute(tx.db)
  const of = { subject: 'term', staged: 'staged_terms', file: 'academicSessions', table: 'terms' } as const
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.is_active`, before: toFacts('term', 'r'), isLoss: true })
}

const diffCourses = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  if (mode === undefined) return
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, is_loss)
    select 'course', coalesce(r.id, uuidv7()), s.sourced_id, case when r.id is null then 'added' else 'changed' end, 'in-feed', 'courses.csv', s.line, false
    from staged_courses s
    left join courses r on r.district_id = ${tx.districtId} and r.sourced_id = s.sourced_id
    where r.id is null or not r.is_active or r.title is distinct from s.title`.execute(tx.db)
  const of = { subject: 'course', staged: 'staged_courses', file: 'courses', table: 'courses' } as const
  // A course connects nobody; its sections do.
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.is_active`, before: sql`null::jsonb`, isLoss: false })
}

/** The sections of the feed with the ids that they refer to, in `wanted_sections`. One whose school, course or every term is unknown is left out. */
const gatherSections = async (tx: RosterTransaction): Promise<void> => {
  const { db, districtId } = tx
  const feedAdds = await findAdded(tx)
  const school = resolve(districtId, { subject: 'school', table: 'schools', as: 'school', reference: sql`s.school_sourced_id` }, feedAdds)
  const course = resolve(districtId, { subject: 'course', table: 'courses', as: 'course', reference: sql`s.course_sourced_id` }, feedAdds)
  const term = resolve(districtId, { subject: 'term', table: 'terms', as: 'term', reference: sql`t.term_sourced_id` }, feedAdds)
  await sql`
    create temporary table wanted_sections on commit drop as
    select s.sourced_id, coalesce(r.id, uuidv7()) as id, r.id is null as is_new, s.title, ${school.id} as school_id, ${course.id} as course_id, terms.ids as term_ids, s.grades::text[] as grades, s.line
    from staged_sections s
    left join sections r on r.district_id = ${districtId} and r.sourced_id = s.sourced_id
    ${school.joins}
    ${course.joins}
    join (
      select t.section_sourced_id, array_agg(distinct ${term.id} order by ${term.id}) as ids
      from staged_section_terms t ${term.joins}
      where ${term.id} is not null
      group by t.section_sourced_id) terms on terms.section_sourced_id = s.sourced_id
    where ${school.id} is not null and ${course.id} is not null`.execute(db)
}

const diffSections = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  if (mode === undefined) return
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, before, is_loss)
    select 'section', w.id, w.sourced_id, case when w.is_new then 'added' else 'changed' end, 'in-feed', 'classes.csv', w.line,
      case when not w.is_new then ${toFacts('section', 'r')} end, false
    from wanted_sections w
    left join sections r on r.district_id = ${tx.districtId} and r.id = w.id
    left join lateral (
      select array_agg(st.term_id order by st.term_id) as ids from section_terms st
      where st.district_id = ${tx.districtId} and st.section_id = w.id) there on true
    where w.is_new or not r.is_active
      or (r.title, r.school_id, r.course_id, r.grades, there.ids) is distinct from (w.title, w.school_id, w.course_id, w.grades, w.term_ids)`.execute(
    tx.db,
  )
  const of = { subject: 'section', staged: 'wanted_sections', file: 'classes', table: 'sections' } as const
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.is_active`, before: toFacts('section', 'r'), isLoss: true })
}

/** Terms that run today, and still will with the feed. */
export const termsToRun = (districtId: string) => sql`
  select t.id from terms t
  where t.district_id = ${districtId} and t.is_active and t.begins <= ${districtDay(districtId)} and ${districtDay(districtId)} < t.ends
    and not exists (select 1 from diff d where d.subject = 'term' and d.id = t.id and d.is_loss)
  union select d.id from diff d join staged_terms s on s.sourced_id = d.sourced_id
    where d.subject = 'term' and d.change in ('added', 'changed') and s.begins <= ${districtDay(districtId)} and ${districtDay(districtId)} < s.ends`

/** A section that a term of today lights and that moves into terms of other times ends what its end would end. One that was dark before ends nothing. */
const markDarkened = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  const day = districtDay(districtId)
  await sql`
    with running as materialized (${termsToRun(districtId)})
    update diff d set is_loss = true from wanted_sections w
    where d.subject = 'section' and d.change = 'changed' and w.id = d.id
      and not exists (select 1 from running where running.id = any(w.term_ids))
      and exists (
        select 1 from sections r
        join section_terms st on st.district_id = r.district_id and st.section_id = r.id
        join terms t on t.district_id = st.district_id and t.id = st.term_id
        where r.district_id = ${districtId} and r.id = d.id and r.is_active and t.is_active and t.begins <= ${day} and ${day} < t.ends)`.execute(
    db,
  )
}

/** A school takes its sections with it, also where nothing else is said of them. */
const diffDarkSections = async (tx: RosterTransaction): Promise<void> => {
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, before, is_loss)
    select 'section', r.id, r.sourced_id, 'removed', 'school-removed', gone.file, gone.line, ${toFacts('section', 'r')}, true
    from diff gone
    join sections r on r.district_id = ${tx.districtId} and r.school_id = gone.id and r.is_active
    where gone.subject = 'school' and gone.change = 'removed'
      and not exists (select 1 from diff d where d.subject = 'section' and d.id = r.id)`.execute(tx.db)
}

import { sql } from 'kysely'
import type { WhichPairs } from '../../queries/liveRelation.ts'
import { getRow } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** The pairs in `parted`. */
export const whichParted: WhichPairs = ({ teacher, student }) =>
  sql<boolean>`(${teacher}, ${student}) in (select teacher_id, student_id from parted)`

/**
 * Gathers in `parted` every pair of a teacher and a student that what is lost or closed may part: of the sections in which an enrollment ends, and of students
 * who lose a guardian; those whom the district connected, where a person changes or a term ends, and likewise of its substitutes. Whether each is parted in the end is for the rule to
 * say, afterwards. Answers how many there are.
 */
export const gatherParted = async ({ db, districtId }: RosterTransaction): Promise<number> => {
  await sql`drop table if exists parted`.execute(db)
  const taughtWith = (alias: string) => sql`
    join enrollments ${sql.ref(alias)} on ${sql.ref(alias)}.district_id = ${districtId} and ${sql.ref(alias)}.until_version is null`
  const substitutesOf = sql`
    join provider_connections s on s.district_id = ${districtId} and s.until_version is null and s.section_id is not null`
  await sql`
    create temporary table parted on commit drop as
    with ended as (
      select user_id, section_id, role from lost_enrollments
      union select r.user_id, r.section_id, r.role from diff d join enrollments r on r.district_id = ${districtId} and r.id = d.id
        where d.subject = 'enrollment' and d.change in ('changed', 'removed')),
    orphaned as (
      select student_id from lost_guardianships
      union select r.student_id from diff d join guardianships r on r.district_id = ${districtId} and r.id = d.id
        where d.subject = 'guardianship' and d.change in ('changed', 'removed'))
    select t.user_id as teacher_id, e.user_id as student_id
    from ended e ${taughtWith('t')} and t.section_id = e.section_id and t.role = 'teacher' where e.role = 'student'
    union
    select e.user_id, s.user_id
    from ended e ${taughtWith('s')} and s.section_id = e.section_id and s.role = 'student' where e.role = 'teacher'
    union
    select t.user_id, o.student_id
    from orphaned o ${taughtWith('l')} and l.user_id = o.student_id and l.role = 'student'
    ${taughtWith('t')} and t.section_id = l.section_id and t.role = 'teacher'
    union
    select s.provider_id, e.user_id from ended e ${substitutesOf} and s.section_id = e.section_id where e.role = 'student'
    union
    select s.provider_id, o.student_id
    from orphaned o ${taughtWith('l')} and l.user_id = o.student_id and l.role = 'student' ${substitutesOf} and s.section_id = l.section_id
    union
    select s.provider_id, l.user_id
    from diff d ${substitutesOf} and s.provider_id = d.id ${taughtWith('l')} and l.section_id = s.section_id and l.role = 'student'
    where d.subject = 'user' and (d.is_loss or d.change = 'changed')
    union
    select c.provider_id, c.student_id from orphaned o
    join provider_connections c on c.district_id = ${districtId} and c.student_id = o.student_id and c.until_version is null
    union
    select c.provider_id, c.student_id from diff d
    join provider_connections c on c.district_id = ${districtId} and (c.provider_id = d.id or c.student_id = d.id) and c.until_version is null
      and c.student_id is not null
    where d.subject = 'user' and (d.is_loss or d.change = 'changed')
    union
    select c.provider_id, c.student_id from provider_connections c
    where c.district_id = ${districtId} and c.until_version is null and c.student_id is not null
      and exists (select 1 from diff d where d.subject = 'term' and d.is_loss and d.change <> 'suspended')`.execute(db)
  await sql`analyze parted`.execute(db)
  const { count } = await getRow(db, sql<{ count: string }>`select count(*) as count from parted`)
  return Number(count)
}

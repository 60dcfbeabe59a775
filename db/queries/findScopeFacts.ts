import { sql } from 'kysely'
import type { FeatureSwitch } from '../../domain/features.ts'
import type { RecipientKind } from '../../domain/announcement.ts'
import type { EnrollmentFact, GuardianshipFact, PersonFact, ReachFacts, SectionFact, TermFact } from '../../domain/roster/reachFacts.ts'
import { rewindFacts, type Believed } from '../../domain/roster/rewindFacts.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows, toTimeOrNull } from '../rows.ts'
import { intervalColumns, isHeld } from './findReachRows.ts'
import { listRosterHistory } from './listRosterHistory.ts'

/** For whom an announcement was made, by which roster, and its receipt when there is one. */
export type ScopeRecord = {
  sectionId: string
  authorId: string
  recipients: RecipientKind
  rosterVersion: number
  day: string
  hasGuardians: boolean
  receipt: { count: number; root: Buffer; computedAt: Date } | null
}

type Row = Omit<ScopeRecord, 'rosterVersion' | 'receipt'> & {
  rosterVersion: string
  count: number | null
  root: Buffer | null
  computedAt: string | null
}

/** Null when the district has no such announcement. It decides nothing: for what looks on the district's behalf. */
export const findScope = async ({ db, districtId }: DistrictTransaction, announcementId: string): Promise<ScopeRecord | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select n.section_id as "sectionId", n.author_id as "authorId", n.recipients, n.roster_version as "rosterVersion", n.day::text as day,
        n.has_guardians as "hasGuardians", n.scope_count as count, n.scope_root as root, n.scope_computed_at as "computedAt"
      from announcements n where n.district_id = ${districtId} and n.id = ${announcementId}`,
  )
  if (row === null) return null
  const { count, root, ...scope } = row
  const computedAt = toTimeOrNull(row.computedAt)
  return {
    sectionId: scope.sectionId,
    authorId: scope.authorId,
    recipients: scope.recipients,
    rosterVersion: Number(scope.rosterVersion),
    day: scope.day,
    hasGuardians: scope.hasGuardians,
    receipt: count === null || root === null || computedAt === null ? null : { count, root, computedAt },
  }
}

/** It was posted, so that much was switched on. */
const announcing: FeatureSwitch = { feature: 'announcements', schoolId: null }
const withGuardians: FeatureSwitch = { feature: 'guardians', schoolId: null }

/**
 * All that decides who was in a section, as it was at a version of the roster on a day: its teachers and students, the students' guardians, and its terms. It
 * comes out the same whenever it is asked. Several statements, the rows first and then their history: what is changed in between is taken back with the rest.
 */
export const findScopeFacts = async (
  tx: DistrictTransaction,
  { sectionId, rosterVersion: version, day, hasGuardians }: Pick<ScopeRecord, 'sectionId' | 'rosterVersion' | 'day' | 'hasGuardians'>,
): Promise<ReachFacts> => {
  const { db, districtId: d } = tx
  const then = sql`since_version <= ${version}::bigint and (until_version is null or until_version > ${version}::bigint)`
  const schoolId = sql`(select s.school_id from sections s where s.district_id = e.district_id and s.id = e.section_id)`
  const enrollments = await findRows(
    db,
    sql<EnrollmentFact & Believed>`
      select e.user_id as "userId", e.section_id as "sectionId", e.role, ${intervalColumns('e')}, ${schoolId} as "schoolId" from enrollments e
      where e.district_id = ${d} and e.section_id = ${sectionId} and until_version is null and ${then}
      union all
      select e.user_id, e.section_id, e.role, ${intervalColumns('e')}, ${schoolId} from enrollments e
      where e.district_id = ${d} and e.section_id = ${sectionId} and until_version is not null and ${then}`,
  )
  const students = sql`${enrollments.flatMap(({ role, userId }) => (role === 'student' ? [userId] : []))}::uuid[]`
  const guardianships = await findRows(
    db,
    sql<GuardianshipFact & Believed>`
      select g.guardian_id as "guardianId", g.student_id as "studentId", g.custody, ${intervalColumns('g')} from guardianships g
      where g.district_id = ${d} and g.student_id = any(${students}) and until_version is null and ${then}
      union all
      select g.guardian_id, g.student_id, g.custody, ${intervalColumns('g')} from guardianships g
      where g.district_id = ${d} and g.student_id = any(${students}) and until_version is not null and ${then}`,
  )
  const userIds = [...new Set([...enrollments.map(({ userId }) => userId), ...guardianships.map(({ guardianId }) => guardianId)])]
  const people = await findRows(
    db,
    sql<PersonFact>`
      select u.id, u.role, u.is_active as "isActive", '[]'::jsonb as "workDays", ${isHeld('u')}
      from users u where u.district_id = ${d} and u.id = any(${userIds}::uuid[])`,
  )
  const sections = await findRows(
    db,
    sql<SectionFact>`
      select s.id, s.is_active as "isActive", s.school_id as "schoolId", ${isHeld('s')}, array(
        select t.term_id::text from section_terms t where t.district_id = s.district_id and t.section_id = s.id) as "termIds"
      from sections s where s.district_id = ${d} and s.id = ${sectionId}`,
  )
  const terms = await findRows(
    db,
    sql<TermFact>`
      select t.id, t.begins::text as begins, t.ends::text as ends, t.school_year as "schoolYear", t.is_active as "isActive", ${isHeld('t')}
      from terms t where t.district_id = ${d}`,
  )
  const switches = hasGuardians ? [announcing, withGuardians] : [announcing]
  const rows = { people, sections, terms, enrollments, guardianships, connections: [], switches }
  const ids = [enrollments, guardianships, people, sections, terms].flatMap((some) => some.map(({ id }) => id))
  const history = Map.groupBy(await listRosterHistory(tx, ids), ({ subjectId }) => subjectId)
  return rewindFacts(rows, (id) => history.get(id) ?? [], { version, day })
}

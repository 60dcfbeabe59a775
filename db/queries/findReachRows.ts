import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { ConnectionFact, EnrollmentFact, GuardianshipFact, PersonFact, SectionFact, TermFact } from '../../domain/roster/reachFacts.ts'
import type { FeatureSwitch } from '../../domain/features.ts'
import type { Believed } from '../../domain/roster/rewindFacts.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { workDays } from './workDays.ts'

type Sourced = { sourcedId: string | null }

/**
 * Every row that could connect two people, as it is now: of them and of the students of whom they are, or were, guardians. Intervals that ended are
 * there too. `isHeld` is what the brake holds at this moment; `switches` are of the moment that is asked about.
 */
export type ReachRows = {
  people: (PersonFact & Sourced)[]
  sections: (SectionFact & Sourced)[]
  terms: (TermFact & Sourced)[]
  enrollments: (EnrollmentFact & Believed & Sourced)[]
  guardianships: (GuardianshipFact & Believed)[]
  connections: (ConnectionFact & Believed)[]
  switches: FeatureSwitch[]
}

export const isHeld = (alias: string): RawBuilder<boolean> =>
  sql`exists (select 1 from suspensions held where held.district_id = ${sql.ref(alias)}.district_id and held.subject_id = ${sql.ref(alias)}.id) as "isHeld"`

export const intervalColumns = (alias: string): RawBuilder<unknown> => {
  const row = sql.ref(alias)
  return sql`${row}.id, ${row}.begins::text as begins, ${row}.ends::text as ends, ${isHeld(alias)}, ${row}.until_version is not null as "isRemoved",
    ${row}.since_version::int as "sinceVersion", ${row}.until_version::int as "untilVersion"`
}

/** What holds and what no longer does have an index each, so each is asked for by itself. */
const ever = (select: (belief: RawBuilder<boolean>) => RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`${select(sql`until_version is null`)} union all ${select(sql`until_version is not null`)}`

/** Reads several statements: call it under `readDistrict`. */
export const findReachRows = async (
  tx: DistrictTransaction,
  { actorId, targetId, at }: { actorId: string; targetId: string; at?: string | undefined },
): Promise<ReachRows> => {
  const { db, districtId: d } = tx
  const both = sql`${[actorId, targetId]}::uuid[]`
  const guardianships = await findRows(
    db,
    sql<GuardianshipFact & Believed>`${ever(
      (belief) => sql`
        select g.guardian_id as "guardianId", g.student_id as "studentId", g.custody, ${intervalColumns('g')}
        from guardianships g where g.district_id = ${d} and g.guardian_id = any(${both}) and ${belief}`,
    )}`,
  )
  const ids = [...new Set([actorId, targetId, ...guardianships.map(({ studentId }) => studentId)])]
  const all = sql`${ids}::uuid[]`
  const people = await findRows(
    db,
    sql<PersonFact & Sourced>`
      select u.id, u.sourced_id as "sourcedId", u.role, u.is_active as "isActive", ${workDays('u')} as "workDays", ${isHeld('u')}
      from users u where u.district_id = ${d} and u.id = any(${all})`,
  )
  const enrollments = await findRows(
    db,
    sql<EnrollmentFact & Believed & Sourced>`${ever(
      (belief) => sql`
        select e.user_id as "userId", e.section_id as "sectionId", e.role, e.sourced_id as "sourcedId", ${intervalColumns('e')},
          (select s.school_id from sections s where s.district_id = e.district_id and s.id = e.section_id) as "schoolId"
        from enrollments e where e.district_id = ${d} and e.user_id = any(${all}) and ${belief}`,
    )}`,
  )
  const sectionIds = [...new Set(enrollments.flatMap(({ sectionId, role }) => (role === 'student' ? [sectionId] : [])))]
  const connections = await findRows(
    db,
    sql<ConnectionFact & Believed>`${ever(
      (belief) => sql`
        select c.provider_id as "providerId", c.student_id as "studentId", c.section_id as "sectionId", ${intervalColumns('c')}
        from provider_connections c
        where c.district_id = ${d} and c.provider_id = any(${both}) and ${belief}
          and (c.student_id = any(${all}) or c.section_id = any(${sectionIds}::uuid[]))`,
    )}`,
  )
  const sections = await findSections(tx, enrollments, connections)
  return { people, guardianships, enrollments, connections, sections, terms: await findTerms(tx), switches: await findSwitches(tx, at) }
}

/** Those in which two of the people are, or were, and those of substitutes. */
const findSections = (
  { db, districtId }: DistrictTransaction,
  enrollments: readonly EnrollmentFact[],
  connections: readonly ConnectionFact[],
): Promise<ReachRows['sections']> => {
  const usersOf = Map.groupBy(enrollments, ({ sectionId }) => sectionId)
  const together = [...usersOf].flatMap(([id, rows]) => (new Set(rows.map(({ userId }) => userId)).size > 1 ? [id] : []))
  const shared = [...new Set([...together, ...connections.flatMap(({ sectionId }) => sectionId ?? [])])]
  if (shared.length === 0) return Promise.resolve([])
  return findRows(
    db,
    sql<ReachRows['sections'][number]>`
      select s.id, s.sourced_id as "sourcedId", s.is_active as "isActive", s.school_id as "schoolId", ${isHeld('s')}, array(
        select t.term_id::text from section_terms t where t.district_id = s.district_id and t.section_id = s.id) as "termIds"
      from sections s where s.district_id = ${districtId} and s.id = any(${shared}::uuid[])`,
  )
}

/** All of the district's: a section may have had others, and a connection asks for any. */
const findTerms = ({ db, districtId }: DistrictTransaction): Promise<ReachRows['terms']> =>
  findRows(
    db,
    sql<ReachRows['terms'][number]>`
      select t.id, t.sourced_id as "sourcedId", t.begins::text as begins, t.ends::text as ends, t.school_year as "schoolYear",
        t.is_active as "isActive", ${isHeld('t')}
      from terms t where t.district_id = ${districtId}`,
  )

/** What was on at the moment `at`, or is. */
const findSwitches = ({ db, districtId }: DistrictTransaction, at: string | undefined): Promise<FeatureSwitch[]> =>
  findRows(
    db,
    sql<FeatureSwitch>`
      select distinct f.feature, f.school_id as "schoolId" from feature_switches f
      where f.district_id = ${districtId} and ${
        at === undefined
          ? sql`f.switched_off_at is null`
          : sql`f.switched_on_at <= ${at}::timestamptz and (f.switched_off_at is null or ${at}::timestamptz < f.switched_off_at)`
      }`,
  )

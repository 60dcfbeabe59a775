import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { connectionGraceDays, type ConnectionAsked, type SubstituteAsked } from '../../domain/roster/providerConnection.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'
import { isNotHeld } from './isNotHeld.ts'
import { worksOn } from './workDays.ts'

/** What decides whether a district may connect two people (`findConnectionFault`), but for who asks and until which day. */
export type ConnectionTerms = Omit<ConnectionAsked, 'ends' | 'isAuthor'>

/** Of the district `d` of the query around, whose day it is. */
const person = (id: string): RawBuilder<unknown> => sql`(
  select jsonb_build_object('role', u.role, 'isStaff', ${worksOn('u', sql`d.day`)}, 'isActive', u.is_active and not exists (
    select 1 from suspensions held where held.district_id = u.district_id and held.subject_id = u.id)) from users u where u.district_id = d.id and u.id = ${id})`

/** Of the query around: the day of the district `d`, and the last day on which a connection may end. */
const days = sql`d.day::text as today, (
  select (max(l.ends) + ${connectionGraceDays}::int)::text from lasting l
  where l.school_year = (select min(school_year) from lasting)) as "lastEnds"`

const withDays = (districtId: string): RawBuilder<unknown> => sql`
  with today as (select d.id, (statement_timestamp() at time zone d.time_zone)::date as day from districts d where d.id = ${districtId}),
  lasting as (
    select t.school_year, t.ends from terms t, today where t.district_id = ${districtId} and t.is_active and today.day < t.ends)`

/** Reads them in one statement. */
export const findConnectionTerms = (
  { db, districtId }: Pick<DistrictTransaction, 'db' | 'districtId'>,
  { providerId, studentId }: { providerId: string; studentId: string },
): Promise<ConnectionTerms> =>
  getRow(
    db,
    sql<ConnectionTerms>`
      ${withDays(districtId)}
      select ${person(providerId)} as provider, ${person(studentId)} as student, ${days} from today d`,
  )

/** What decides whether a district may make somebody a substitute (`findSubstituteFault`), but for who asks and for which days. */
export type SubstituteTerms = Omit<SubstituteAsked, 'begins' | 'ends' | 'isAuthor'>

/** Reads them in one statement. A section whose removal the brake holds connects nobody, and gets no substitute. */
export const findSubstituteTerms = (
  { db, districtId }: Pick<DistrictTransaction, 'db' | 'districtId'>,
  { providerId, sectionId }: { providerId: string; sectionId: string },
): Promise<SubstituteTerms> =>
  getRow(
    db,
    sql<SubstituteTerms>`
      ${withDays(districtId)}
      select ${person(providerId)} as provider, exists (
        select 1 from sections s where s.district_id = ${districtId} and s.id = ${sectionId} and s.is_active and ${isNotHeld('s', 'as-ended')}) as "hasSection", ${days}
      from today d`,
  )

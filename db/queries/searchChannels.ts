import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { channelColumns, toChannel } from './channelRow.ts'
import type { ChannelRecord, ChannelRow } from './channelRow.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import type { AuditRef } from './isAuditOpen.ts'
import { isNotAbout } from './isReportOpenTo.ts'

/** What an auditor looks for. All that is given must hold. Times are ISO 8601 with a zone; `from` is inclusive, `until` exclusive. */
export type ChannelSearch = {
  personId?: string | undefined
  sectionId?: string | undefined
  schoolId?: string | undefined
  from?: string | undefined
  until?: string | undefined
  hasAttachment?: boolean | undefined
  /** Whether something in it was hidden or withdrawn. */
  hasHidden?: boolean | undefined
  /** Whether somebody was asked about something in it, and posted it all the same. */
  hasNudged?: boolean | undefined
  /** Whether something in it was reported or raised a concern; of what the auditor wrote themselves nothing was. */
  hasReported?: boolean | undefined
}

/** Channels of the district, live or long ended, newest first, before the channel `before`. Empty when nothing may be read under the audit now. */
export const searchChannels = async (
  tx: DistrictTransaction,
  { search, before = null, limit, ...audit }: AuditRef & { search: ChannelSearch; before?: string | null; limit: number },
): Promise<ChannelRecord[]> => {
  const rows = await findRows(
    tx.db,
    sql<ChannelRow>`
      select ${channelColumns('c')} from channels c
      where c.district_id = ${tx.districtId} and (${before}::uuid is null or c.id < ${before}::uuid) and ${isAuditOpen(tx.districtId, audit)}
        ${sql.join(toConditions(tx.districtId, audit.auditorId, search), sql` `)}
      order by c.id desc limit ${limit}`,
  )
  return rows.map(toChannel)
}

const toConditions = (districtId: string, auditorId: string, search: ChannelSearch): RawBuilder<unknown>[] =>
  [
    given(search.personId, (id) => isOfPerson(districtId, id)),
    given(search.sectionId, (id) => isOfSection(districtId, id)),
    given(search.schoolId, (id) => isOfSchool(districtId, id)),
    given(search.from, (from) => sql`c.last_message_at >= ${from}::timestamptz`),
    given(search.until, (until) => sql`c.created_at < ${until}::timestamptz`),
    given(search.from ?? search.until, () => hasMessage(isSentBetween(search))),
    given(
      search.hasAttachment,
      (is) =>
        sql`${hasRow(sql`from attachments a
      where a.district_id = ${districtId} and a.channel_id = c.id and a.message_id is not null`)} = ${is}`,
    ),
    given(search.hasHidden, (is) => sql`${hasMessage(sql`(m.hidden_at is not null or m.withdrawn_at is not null)`)} = ${is}`),
    given(search.hasNudged, (is) => sql`${hasMessage(sql`m.was_nudged`)} = ${is}`),
    given(
      search.hasReported,
      (is) =>
        sql`${hasRow(sql`from reports r where r.district_id = ${districtId} and r.channel_id = c.id and ${isNotAbout(auditorId)}`)} = ${is}`,
    ),
  ].map((condition) => (condition === null ? sql`` : sql`and ${condition}`))

const given = <Value>(value: Value | undefined, toCondition: (value: Value) => RawBuilder<boolean>): RawBuilder<boolean> | null =>
  value === undefined ? null : toCondition(value)

/** Written so, it is looked up by index for each channel: Postgres would hash a whole table for an `exists`. */
const hasRow = (from: RawBuilder<unknown>): RawBuilder<boolean> => sql`coalesce((select true ${from} limit 1), false)`

const hasMessage = (which: RawBuilder<unknown>): RawBuilder<boolean> =>
  hasRow(sql`from messages m where m.district_id = c.district_id and m.channel_id = c.id and ${which}`)

const isSentBetween = ({ from = '-infinity', until = 'infinity' }: ChannelSearch): RawBuilder<boolean> =>
  sql`m.created_at >= ${from}::timestamptz and m.created_at < ${until}::timestamptz`

const isOfPerson = (districtId: string, personId: string): RawBuilder<boolean> => sql`c.id in (
  select id from channels where district_id = ${districtId} and teacher_id = ${personId}
  union all select id from channels where district_id = ${districtId} and participant_id = ${personId}
  union all select id from channels where district_id = ${districtId} and student_id = ${personId})`

/** Rows that are believed and rows that were have an index each. */
const everEnrolled = (which: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select e.user_id, e.section_id from enrollments e where ${which} and e.until_version is null
  union all select e.user_id, e.section_id from enrollments e where ${which} and e.until_version is not null)`

const isOfSection = (districtId: string, sectionId: string): RawBuilder<boolean> => sql`c.id in (
  select taught.id
  from ${everEnrolled(sql`e.district_id = ${districtId} and e.section_id = ${sectionId} and e.role = 'teacher'`)} teaching
  join channels taught on taught.district_id = ${districtId} and taught.teacher_id = teaching.user_id
  where ${hasRow(
    sql`from ${everEnrolled(sql`e.district_id = ${districtId} and e.user_id = taught.student_id and e.role = 'student'
    and e.section_id = ${sectionId}`)} learning`,
  )})`

const isOfSchool = (districtId: string, schoolId: string): RawBuilder<boolean> =>
  hasRow(sql`from ${everEnrolled(sql`e.district_id = ${districtId} and e.user_id = c.teacher_id and e.role = 'teacher'`)} teaching
    where (select section.school_id from sections section where section.district_id = ${districtId} and section.id = teaching.section_id) = ${schoolId}`)

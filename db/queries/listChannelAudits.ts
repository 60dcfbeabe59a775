import { sql } from 'kysely'
import { shownPurposes, type AuditPurpose } from '../../domain/audit.ts'
import type { Feature } from '../../domain/features.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'
import { isSwitchedOn } from './isSwitchedOn.ts'
import { pairsOfSections, withToday } from './liveRelation.ts'

/** That a conversation was audited: when it was first read under that audit, and for what. Neither who, nor why in their words. */
export type ShownAudit = { id: string; purpose: AuditPurpose; readAt: Date }

const feature: Feature = 'audits-shown-to-teachers'

/**
 * Audits of a channel as its teacher is shown them, newest first, before the audit `before`. Null when the district shows none: it has that off in every school
 * whose section connects the two today. Nothing of an audit that still runs, that looks into what somebody did, that looked while it was off, or after something
 * of the teacher's in the channel was reported. Call it under `readDistrict`, for whom the caller has found the channel as its teacher.
 */
export const listChannelAudits = async (
  tx: DistrictTransaction,
  { channelId, teacherId, before = null, limit }: { channelId: string; teacherId: string; before?: string | null; limit: number },
): Promise<ShownAudit[] | null> => {
  const { db, districtId } = tx
  const schoolIds = await findShowingSchools(tx, channelId)
  if (schoolIds.length === 0) return null
  const rows = await findRows(
    db,
    sql<Omit<ShownAudit, 'readAt'> & { readAt: string }>`
      select audit.id, audit.purpose, min(view.at) as "readAt"
      from audit_views view
      join audits audit on audit.district_id = view.district_id and audit.id = view.audit_id
      where view.district_id = ${districtId} and view.channel_id = ${channelId} and (${before}::uuid is null or audit.id < ${before}::uuid)
        and audit.purpose = any(${[...shownPurposes]}::text[]) and audit.ends_at <= statement_timestamp()
        and exists (
          select 1 from feature_switches s
          where s.district_id = ${districtId} and s.feature = ${feature} and (s.school_id is null or s.school_id = any(${schoolIds}::uuid[]))
            and s.switched_on_at <= view.at and (s.switched_off_at is null or view.at < s.switched_off_at))
        and not exists (
          select 1 from reports r
          where r.district_id = ${districtId} and r.channel_id = ${channelId} and r.author_id = ${teacherId} and r.created_at <= view.at)
      group by audit.id, audit.purpose order by audit.id desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, readAt: toTime(row.readAt) }))
}

/** The schools of the sections that connect the channel's people today, where audits are shown. */
const findShowingSchools = async ({ db, districtId }: DistrictTransaction, channelId: string): Promise<string[]> => {
  const rows = await findRows(
    db,
    sql<{ schoolId: string }>`
      ${withToday(districtId)}
      select distinct section.school_id as "schoolId"
      from channels c
      cross join lateral (${pairsOfSections(districtId, ({ teacher, student }) => sql<boolean>`${teacher} = c.teacher_id and ${student} = c.student_id`)}) pair
      join sections section on section.district_id = ${districtId} and section.id = pair.section_id
      where c.district_id = ${districtId} and c.id = ${channelId} and pair.school_year = c.school_year
        and ${isSwitchedOn(districtId, feature, sql`section.school_id`)}`,
  )
  return rows.map(({ schoolId }) => schoolId)
}

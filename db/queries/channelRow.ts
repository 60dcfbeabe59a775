import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { PostingState } from '../../domain/posting.ts'
import { toTime, toTimeOrNull } from '../rows.ts'

/** A conversation as it is stored. */
export type ChannelRecord = {
  id: string
  teacherId: string
  participantId: string
  studentId: string
  schoolYear: number
  posting: PostingState
  lastSeq: number
  lastMessageAt: Date | null
  createdAt: Date
}

/** What `channelColumns` selects, as the driver gives it. */
export type ChannelRow = Omit<ChannelRecord, 'lastMessageAt' | 'createdAt'> & { lastMessageAt: string | null; createdAt: string }

/** The columns of a `ChannelRecord`; `alias` is the name that the query gives to `channels`. */
export const channelColumns = (alias: string): RawBuilder<unknown> => {
  const channel = sql.ref(alias)
  return sql`${channel}.id, ${channel}.teacher_id as "teacherId", ${channel}.participant_id as "participantId",
    ${channel}.student_id as "studentId", ${channel}.school_year as "schoolYear", ${channel}.posting, ${channel}.last_seq as "lastSeq",
    ${channel}.last_message_at as "lastMessageAt", ${channel}.created_at as "createdAt"`
}

export const toChannel = (row: ChannelRow): ChannelRecord => ({
  id: row.id,
  teacherId: row.teacherId,
  participantId: row.participantId,
  studentId: row.studentId,
  schoolYear: row.schoolYear,
  posting: row.posting,
  lastSeq: row.lastSeq,
  lastMessageAt: toTimeOrNull(row.lastMessageAt),
  createdAt: toTime(row.createdAt),
})

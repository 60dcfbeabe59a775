import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { RecipientKind } from '../../domain/announcement.ts'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import { toTime, toTimeOrNull } from '../rows.ts'
import { childrenOf, isStudentOf, standingTo } from './liveSection.ts'

/** An announcement as it is stored. `body` is sealed: open it with the district's `ColumnCipher` (table `announcements`, row `id`, column `body`). */
export type AnnouncementRecord = {
  id: string
  sectionId: string
  sectionTitle: string
  authorId: string
  recipients: RecipientKind
  /** In which it is written, as the translator names it. */
  language: string
  body: Buffer
  createdAt: Date
  hiddenAt: Date | null
  withdrawnAt: Date | null
  withdrawnAfterReaders: number | null
}

/** An announcement, and how somebody stands to it by the roster of the same statement. */
export type PlacedAnnouncement = AnnouncementRecord & {
  standing: ChannelStanding
  /** Whether it is for them as a student; the children for whom it is for them as a guardian. */
  isForSelf: boolean
  childIds: string[]
  isRead: boolean
  /** Whether its files are seen where it was said. */
  hasFiles: boolean
}

type Times = 'createdAt' | 'hiddenAt' | 'withdrawnAt'
type Texts = { createdAt: string; hiddenAt: string | null; withdrawnAt: string | null }

/** What `announcementColumns` selects, as the driver gives it. */
export type AnnouncementRow = Omit<AnnouncementRecord, Times> & Texts
/** With what `placedColumns` selects beside them. */
export type PlacedRow = AnnouncementRow & {
  standing: 'teacher' | 'participant' | null
  isForSelf: boolean
  childIds: string[]
  isRead: boolean
  hasFiles: boolean
}

/** The columns of an `AnnouncementRow`; `alias` is the name that the query gives to `announcements`. */
export const announcementColumns = (alias: string): RawBuilder<unknown> => {
  const n = sql.ref(alias)
  return sql`${n}.id, ${n}.section_id as "sectionId", ${n}.author_id as "authorId", ${n}.recipients, ${n}.language, ${n}.body, ${n}.created_at as "createdAt",
    ${n}.hidden_at as "hiddenAt", ${n}.withdrawn_at as "withdrawnAt", ${n}.withdrawn_after_readers as "withdrawnAfterReaders",
    (select section.title from sections section where section.district_id = ${n}.district_id and section.id = ${n}.section_id) as "sectionTitle"`
}

/** Whether the person has read the announcement. */
export const hasRead = (alias: string, userId: RawBuilder<unknown>): RawBuilder<boolean> => {
  const n = sql.ref(alias)
  return sql`coalesce((select reads.seqs @> ${n}.seq from announcement_reads reads
    where reads.district_id = ${n}.district_id and reads.section_id = ${n}.section_id and reads.user_id = ${userId}), false)`
}

/** The columns of a `PlacedRow` besides, where `placeAlias` is a row of `livePlaces`. */
export const placedColumns = (placeAlias: string, alias: string, userId: string): RawBuilder<unknown> => sql`
  ${standingTo(placeAlias, alias, userId)} as standing, coalesce(${isStudentOf(placeAlias, alias, userId)}, false) as "isForSelf",
  coalesce(${childrenOf(placeAlias, alias, userId)}, '{}')::text[] as "childIds", ${hasRead(alias, sql`${userId}::uuid`)} as "isRead",
  ${sql.ref(placeAlias)}.has_attachments as "hasFiles"`

export const toAnnouncement = <Row extends Texts>(
  row: Row,
): Omit<Row, Times> & { createdAt: Date; hiddenAt: Date | null; withdrawnAt: Date | null } => ({
  ...row,
  createdAt: toTime(row.createdAt),
  hiddenAt: toTimeOrNull(row.hiddenAt),
  withdrawnAt: toTimeOrNull(row.withdrawnAt),
})

export const toPlaced = ({ standing, ...row }: PlacedRow): PlacedAnnouncement => ({ ...toAnnouncement(row), standing: standing ?? 'none' })

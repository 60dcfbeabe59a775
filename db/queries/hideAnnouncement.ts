import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { livePlaces, standingTo } from './liveSection.ts'
import { recordAudit } from './recordAudit.ts'

type Ref = { announcementId: string; actorId: string }

/**
 * A teacher of the section hides an announcement: gone for its recipients with its files, in this commit. Decided by the live roster in the same statement; a
 * change is audited, hiding twice is hiding once. Nothing happens for anybody else: the caller decides what to answer.
 */
export const hideAnnouncement = async (tx: DistrictTransaction, ref: Ref): Promise<void> => {
  const hidden = await findRow(
    tx.db,
    sql<{ id: string }>`
      with changed as (
      update announcements n set hidden_at = statement_timestamp(), hidden_by = ${ref.actorId}::uuid
      from ${livePlaces(tx.districtId, ref.actorId)} p where ${isOfTeacher(tx, ref)} and n.hidden_at is null
      returning n.district_id, n.section_id, n.id)
      ${toEvent('announcement.hidden')} returning subject_id as id`,
  )
  if (hidden !== null) await record(tx, ref, 'announcement.hide')
}

/** As `hideAnnouncement`, the other way round. */
export const unhideAnnouncement = async (tx: DistrictTransaction, ref: Ref): Promise<void> => {
  const shown = await findRow(
    tx.db,
    sql<{ id: string }>`
      with changed as (
      update announcements n set hidden_at = null, hidden_by = null
      from ${livePlaces(tx.districtId, ref.actorId)} p where ${isOfTeacher(tx, ref)} and n.hidden_at is not null
      returning n.district_id, n.section_id, n.id)
      ${toEvent('announcement.unhidden')} returning subject_id as id`,
  )
  if (shown !== null) await record(tx, ref, 'announcement.unhide')
}

const toEvent = (kind: 'announcement.hidden' | 'announcement.unhidden'): RawBuilder<unknown> =>
  eventsOf(kind, { from: 'changed', sectionId: sql`changed.section_id`, subject: sql`changed.id` })

/** An announcement that stands, in a section that the actor teaches. */
const isOfTeacher = ({ districtId }: DistrictTransaction, { announcementId, actorId }: Ref): RawBuilder<boolean> => sql`
  n.district_id = ${districtId} and n.id = ${announcementId} and n.withdrawn_at is null
    and p.section_id = n.section_id and ${standingTo('p', 'n', actorId)} = 'teacher'`

const record = (
  tx: DistrictTransaction,
  { announcementId, actorId }: Ref,
  action: 'announcement.hide' | 'announcement.unhide',
): Promise<void> => recordAudit(tx, { actor: { kind: 'user', id: actorId }, action, target: { kind: 'announcement', id: announcementId } })

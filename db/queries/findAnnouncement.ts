import { sql } from 'kysely'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import { toMessageState, type MessageState } from '../../domain/shownMessage.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTimeOrNull } from '../rows.ts'
import { livePlaces, standingTo } from './liveSection.ts'

/** Where an announcement stands, and what decides over it (`decideAnnouncement`), read in one statement. */
export type AnnouncementFacts = { sectionId: string; standing: ChannelStanding; isAuthor: boolean; state: MessageState }

type Row = {
  sectionId: string
  standing: 'teacher' | 'participant' | null
  isAuthor: boolean
  hiddenAt: string | null
  withdrawnAt: string | null
}

/** Null when there is no such announcement in a section of the actor's: to be answered like one that is hidden (law 3). */
export const findAnnouncement = async (
  tx: DistrictTransaction,
  { announcementId, actorId }: { announcementId: string; actorId: string },
): Promise<AnnouncementFacts | null> => {
  const row = await findRow(
    tx.db,
    sql<Row>`
      select n.section_id as "sectionId", ${standingTo('p', 'n', actorId)} as standing, n.author_id = ${actorId} as "isAuthor", n.hidden_at as "hiddenAt",
        n.withdrawn_at as "withdrawnAt"
      from announcements n
      join ${livePlaces(tx.districtId, actorId)} p on p.section_id = n.section_id
      where n.district_id = ${tx.districtId} and n.id = ${announcementId}`,
  )
  if (row === null) return null
  const { sectionId, standing, isAuthor, hiddenAt, withdrawnAt } = row
  const state = toMessageState({ hiddenAt: toTimeOrNull(hiddenAt), withdrawnAt: toTimeOrNull(withdrawnAt) })
  return { sectionId, standing: standing ?? 'none', isAuthor, state }
}

/** How somebody stands in a section today: who teaches there, who is a student there or a student's guardian, and nobody else. */
export const findSectionStanding = async (
  { db, districtId }: DistrictTransaction,
  { sectionId, actorId }: { sectionId: string; actorId: string },
): Promise<ChannelStanding> => {
  const row = await findRow(
    db,
    sql<{ isTeacher: boolean }>`
      select place.is_teacher as "isTeacher" from ${livePlaces(districtId, actorId)} place where place.section_id = ${sectionId}`,
  )
  if (row === null) return 'none'
  return row.isTeacher ? 'teacher' : 'participant'
}

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { isShownMessage } from './isShown.ts'
import { isOnInSection } from './liveRelation.ts'
import { isReadable, livePlaces } from './liveSection.ts'
import { mayRead, type ReadsAs } from './readsAlong.ts'
import { toTranslation, translationColumns } from './translationRow.ts'
import type { TranslationRecord, TranslationRow } from './translationRow.ts'

type MessagesOf = { channelId: string; actorId: string; as: ReadsAs; messageIds: readonly string[]; language: string }

/**
 * What there is in a language of these messages of one channel, in whatever state: of those that the actor reads at this moment (law 1), where the school has translations. Call it
 * under `readDistrict` beside `listMessages`, so that texts and translations are of one snapshot.
 */
export const listTranslations = async (
  { db, districtId }: DistrictTransaction,
  { channelId, actorId, as, messageIds, language }: MessagesOf,
): Promise<TranslationRecord[]> => {
  if (messageIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<TranslationRow>`
      select ${translationColumns('t')} from channels c
      join messages m on m.district_id = c.district_id and m.channel_id = c.id
      join translations t on t.district_id = m.district_id and t.message_id = m.id
      where c.district_id = ${districtId} and c.id = ${channelId} and ${mayRead(districtId, 'c', actorId, as, 'translations')}
        and m.district_id = ${districtId} and m.id = any(${messageIds}::uuid[]) and ${isShownMessage('m', 'c', actorId)}
        and t.district_id = ${districtId} and t.message_id = any(${messageIds}::uuid[]) and t.language = ${language}`,
  )
  return rows.map(toTranslation)
}

/** The same of announcements, of whatever sections. */
export const listAnnouncementTranslations = async (
  { db, districtId }: DistrictTransaction,
  { actorId, announcementIds, language }: { actorId: string; announcementIds: readonly string[]; language: string },
): Promise<TranslationRecord[]> => {
  if (announcementIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<TranslationRow>`
      select ${translationColumns('t')} from ${livePlaces(districtId, actorId)} place
      join announcements n on n.district_id = ${districtId} and n.section_id = place.section_id
      join translations t on t.district_id = n.district_id and t.announcement_id = n.id
      where n.id = any(${announcementIds}::uuid[]) and ${isReadable('place', 'n', actorId)}
        and ${isOnInSection(districtId, 'translations', sql`n.section_id`)}
        and t.district_id = ${districtId} and t.announcement_id = any(${announcementIds}::uuid[]) and t.language = ${language}`,
  )
  return rows.map(toTranslation)
}

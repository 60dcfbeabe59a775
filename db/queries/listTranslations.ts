import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { isShownMessage } from './isShown.ts'
import { isRefused } from './isTranslatable.ts'
import { isOnInSection } from './liveRelation.ts'
import { mayRead, type ReadsAs } from './readsAlong.ts'
import { toTranslation, translationColumns } from './translationRow.ts'
import type { TranslationRecord, TranslationRow } from './translationRow.ts'

type MessagesOf = { channelId: string; actorId: string; as: ReadsAs; messageIds: readonly string[]; language: string }

/**
 * What there is in a language of these messages of one channel, in whatever state: of those that the actor reads at this moment (law 1), where the school has translations and no guardian refuses them. Call it
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
        and not ${isRefused(districtId, 'c')}
        and m.district_id = ${districtId} and m.id = any(${[...messageIds]}::uuid[]) and ${isShownMessage('m', 'c', actorId)}
        and t.district_id = ${districtId} and t.message_id = any(${[...messageIds]}::uuid[]) and t.language = ${language}`,
  )
  return rows.map(toTranslation)
}

/** The same of announcements that were decided in the same snapshot, of whatever sections. Of a withdrawn one there is nothing. */
export const listAnnouncementTranslations = async (
  { db, districtId }: DistrictTransaction,
  { announcementIds, language }: { announcementIds: readonly string[]; language: string },
): Promise<TranslationRecord[]> => {
  if (announcementIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<TranslationRow>`
      select ${translationColumns('t')} from translations t
      join announcements n on n.district_id = t.district_id and n.id = t.announcement_id
      where t.district_id = ${districtId} and t.announcement_id = any(${[...announcementIds]}::uuid[]) and t.language = ${language}
        and n.withdrawn_at is null and ${isOnInSection(districtId, 'translations', sql`n.section_id`)}`,
  )
  return rows.map(toTranslation)
}

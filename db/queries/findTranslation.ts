import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { TranslationCancellation } from '../../domain/translation/translationState.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isRefused, whyNotTranslatedToSection } from './isTranslatable.ts'
import { isOnInSection } from './liveRelation.ts'
import { isReadable, livePlaces } from './liveSection.ts'
import { isShownMessage } from './isShown.ts'
import { isReadBy } from './readsAlong.ts'
import { toTranslation, translationColumns } from './translationRow.ts'
import type { TextRef, TranslationRecord, TranslationRow } from './translationRow.ts'

/** A text that somebody reads at this moment: its language, and why it is not translated, if it is not. */
export type TranslationStanding = { language: string; whyNot: TranslationCancellation | null }

/**
 * `whyNotTranslated` for somebody who reads the message `m` of the channel `c`: what they read has not ended, and is translated for them where they read it by a section of a school
 * that has translations.
 */
const whyNotTranslatedTo = (actorId: string, districtId: string): RawBuilder<TranslationCancellation | null> => sql`(case
  when ${isReadBy(districtId, 'c', actorId, 'translations')} then case
    when ${isRefused(districtId, 'c')} then 'refused'
    when m.withdrawn_at is not null or m.hidden_at is not null then 'not-shown' end
  else 'switched-off' end)`

/** Null when the actor reads no such text now: to be answered like one that is hidden (law 3). A school without translations is to look as if there were none. */
export const findTranslationStanding = (
  { db, districtId }: DistrictTransaction,
  { actorId, ...text }: TextRef & { actorId: string },
): Promise<TranslationStanding | null> =>
  findRow(
    db,
    'messageId' in text
      ? sql<TranslationStanding>`
        select m.language, ${whyNotTranslatedTo(actorId, districtId)} as "whyNot" from messages m
        join channels c on c.district_id = m.district_id and c.id = m.channel_id
        where m.district_id = ${districtId} and m.id = ${text.messageId} and ${isReadBy(districtId, 'c', actorId)}
          and ${isShownMessage('m', 'c', actorId)}`
      : sql<TranslationStanding>`
        select n.language, ${whyNotTranslatedToSection(districtId, 'n')} as "whyNot" from announcements n
        join ${livePlaces(districtId, actorId)} place on place.section_id = n.section_id
        where n.district_id = ${districtId} and n.id = ${text.announcementId} and ${isReadable('place', 'n', actorId)}`,
  )

/** The translation of a text that the actor reads at this moment, where the school has translations and no guardian refuses them; null when there is none, or not for them. */
export const findTranslation = async (
  { db, districtId }: DistrictTransaction,
  { actorId, language, ...text }: TextRef & { actorId: string; language: string },
): Promise<TranslationRecord | null> => {
  const row = await findRow(
    db,
    'messageId' in text
      ? sql<TranslationRow>`
        select ${translationColumns('t')} from messages m
        join channels c on c.district_id = m.district_id and c.id = m.channel_id
        join translations t on t.district_id = m.district_id and t.message_id = m.id and t.language = ${language}
        where m.district_id = ${districtId} and m.id = ${text.messageId} and ${isReadBy(districtId, 'c', actorId, 'translations')}
          and not ${isRefused(districtId, 'c')} and ${isShownMessage('m', 'c', actorId)}`
      : sql<TranslationRow>`
        select ${translationColumns('t')} from announcements n
        join ${livePlaces(districtId, actorId)} place on place.section_id = n.section_id
        join translations t on t.district_id = n.district_id and t.announcement_id = n.id and t.language = ${language}
        where n.district_id = ${districtId} and n.id = ${text.announcementId} and ${isReadable('place', 'n', actorId)}
          and ${isOnInSection(districtId, 'translations', sql`n.section_id`)}`,
  )
  return row && toTranslation(row)
}

/** Whether a translation is being made still. For knowing when to look: it says nothing of who may read it, so nothing is answered from it (law 1). */
export const isTranslationPending = async ({ db, districtId }: DistrictTransaction, translationId: string): Promise<boolean> => {
  const statement = sql<{
    id: string
  }>`select t.id from translations t where t.district_id = ${districtId} and t.id = ${translationId} and t.state = 'pending'`
  return (await findRow(db, statement)) !== null
}

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { TranslationCancellation } from '../../domain/translation/translationState.ts'
import { isLiveChannel, isOnInSection } from './liveRelation.ts'
import { teachesSection } from './liveSection.ts'

/** In words of the table (`domain/translation/translationState.ts`). */
const word = (cancellation: TranslationCancellation): RawBuilder<TranslationCancellation> => sql.lit(cancellation)

/** Whether a guardian refuses translations for the student of a channel: then what was translated in it is not read either. */
export const isRefused = (districtId: string, channelAlias: string): RawBuilder<boolean> => sql`exists (
  select 1 from translation_refusals refusal
  where refusal.district_id = ${districtId} and refusal.student_id = ${sql.ref(channelAlias)}.student_id)`

/**
 * Why nothing of a message goes to the provider at this moment, whoever asks; null when it may. `alias` and `channelAlias` are the names that the query around gives to
 * `messages` and `channels`. A refusal is the child's: it holds for everything in conversations with them or about them.
 */
export const whyNotTranslated = (districtId: string, alias: string, channelAlias: string): RawBuilder<TranslationCancellation | null> => {
  const message = sql.ref(alias)
  return sql`(case
    when ${isLiveChannel(districtId, channelAlias, 'translations')} then case
      when ${isRefused(districtId, channelAlias)} then ${word('refused')}
      when ${message}.withdrawn_at is not null or ${message}.hidden_at is not null then ${word('not-shown')} end
    when ${isLiveChannel(districtId, channelAlias)} then ${word('switched-off')}
    else ${word('ended')} end)`
}

/** The same of an announcement: it is spoken while its author teaches the section. */
export const whyNotTranslatedToSection = (districtId: string, alias: string): RawBuilder<TranslationCancellation | null> => {
  const n = sql.ref(alias)
  return sql`(case
    when not ${teachesSection(districtId, sql`${n}.author_id`, sql`${n}.section_id`)} then ${word('ended')}
    when not coalesce(${isOnInSection(districtId, 'translations', sql`${n}.section_id`)}, false) then ${word('switched-off')}
    when ${n}.withdrawn_at is not null or ${n}.hidden_at is not null then ${word('not-shown')} end)`
}

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { TranslationCancellation, TranslationReason, TranslationState } from '../../domain/translation/translationState.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import type { TranslationAttempt, TranslationWork } from './findTranslationWork.ts'
import { whyNotTranslated, whyNotTranslatedToSection } from './isTranslatable.ts'

/** `body` is sealed for the row of `translationId`; `characters` is what the provider bills. */
export type FinishedTranslation = TranslationAttempt &
  Pick<TranslationWork, 'kind' | 'textId'> & { body: Buffer; lost: readonly string[]; provider: string; characters: number }

/** How a translation was found to end: `reason` of one that is not done. */
export type TranslationEnd = { state: Exclude<TranslationState, 'pending'>; reason: TranslationReason | null }

/**
 * Stores a translation if, at this moment, its text may still be translated (law 1): one that was hidden or withdrawn meanwhile, whose people the roster parted, or for which it was
 * switched off or refused, is cancelled and nothing of it is kept. Null when the row is not pending in this attempt any more. What was charged before is brought to what was sent.
 */
export const finishTranslation = (tx: DistrictTransaction, finished: FinishedTranslation): Promise<TranslationEnd | null> => {
  const { translationId, attempt, body, characters, provider } = finished
  const { districtId } = tx
  const lost = sql`${[...finished.lost]}::text[]`
  const isDone = sql`standing."whyNot" is null`
  return findRow(
    tx.db,
    sql<TranslationEnd>`
      with standing as materialized (${standingOf(districtId, finished)}),
      ended as (
        update translations t set state = case when ${isDone} then 'done' else 'cancelled' end, reason = standing."whyNot",
          body = case when ${isDone} then ${body}::bytea end, lost = case when ${isDone} then ${lost} else '{}'::text[] end,
          provider = case when ${isDone} then ${provider} end, characters = ${characters}, finished_at = statement_timestamp()
        from standing
        where t.district_id = ${districtId} and t.id = ${translationId} and t.attempt = ${attempt} and t.state = 'pending'
        returning t.district_id, t.state, t.reason, t.asked_at, standing.place, standing.text_id, standing.sent_before),
      recounted as (
        update translation_usage u set characters = greatest(0, u.characters + ${characters} - coalesce(ended.sent_before, 0))
        from ended where ${isMonthOf(districtId, 'u', 'ended')}),
      event as (${eventsOfText(finished.kind)})
      select state, reason from ended`,
  )
}

/**
 * Whether `usage` is that of this month and `asked` was asked for in it, by the district's clock: what was charged in a month that is over stays there, and nothing of it is taken
 * from the next one.
 */
const isMonthOf = (districtId: string, usage: string, asked: string): RawBuilder<boolean> => sql`(
  ${sql.ref(usage)}.district_id = ${districtId} and ${sql.ref(usage)}.month in (
    select date_trunc('month', statement_timestamp() at time zone d.time_zone)::date from districts d
    where d.id = ${districtId}
      and date_trunc('month', statement_timestamp() at time zone d.time_zone) = date_trunc('month', ${sql.ref(asked)}.asked_at at time zone d.time_zone)))`

/**
 * Ends a pending attempt without a translation, and gives back what it was charged: an outage in which readers ask again and again would use up the district's budget with nothing
 * translated. False when it is not pending in this attempt any more.
 */
export const endTranslation = async (
  { db, districtId }: DistrictTransaction,
  { translationId, attempt, reason, state }: TranslationAttempt & { state: 'failed' | 'cancelled'; reason: TranslationReason },
): Promise<boolean> => {
  const ended = await findRow(
    db,
    sql<{ id: string }>`
      with ended as (
        update translations t set state = ${state}, reason = ${reason}, finished_at = statement_timestamp()
        where t.district_id = ${districtId} and t.id = ${translationId} and t.attempt = ${attempt} and t.state = 'pending'
        returning t.district_id, t.id, t.message_id, t.announcement_id, t.asked_at,
          case when t.charged_attempt = t.attempt then t.characters else 0 end as charged),
      given_back as (
        update translation_usage u set characters = greatest(0, u.characters - ended.charged)
        from ended where ended.charged > 0 and ${isMonthOf(districtId, 'u', 'ended')}),
      event as (
        insert into events (district_id, id, xact, kind, channel_id, section_id, subject_id, created_at)
        select ended.district_id, uuidv7(), pg_current_xact_id()::text::bigint,
          case when m.id is null then 'announcement.translated' else 'message.translated' end, m.channel_id, n.section_id,
          case when m.id is null then n.id else m.id end, statement_timestamp()
        from ended
        left join messages m on m.district_id = ${districtId} and m.id = ended.message_id
        left join announcements n on n.district_id = ${districtId} and n.id = ended.announcement_id)
      select id from ended`,
  )
  return ended !== null
}

/** A subquery of one row: `place` is the channel or the section. */
const standingOf = (
  districtId: string,
  { kind, textId, translationId }: FinishedTranslation,
): RawBuilder<{ whyNot: TranslationCancellation | null }> => {
  const sentBefore = sql`(select t.characters from translations t where t.district_id = ${districtId} and t.id = ${translationId}) as sent_before`
  return kind === 'message'
    ? sql`
      select m.channel_id as place, m.id as text_id, ${whyNotTranslated(districtId, 'm', 'c')} as "whyNot", ${sentBefore}
      from messages m join channels c on c.district_id = m.district_id and c.id = m.channel_id
      where m.district_id = ${districtId} and m.id = ${textId}`
    : sql`
      select n.section_id as place, n.id as text_id, ${whyNotTranslatedToSection(districtId, 'n')} as "whyNot", ${sentBefore}
      from announcements n where n.district_id = ${districtId} and n.id = ${textId}`
}

/** Readers hear that there is something to read, or that there will be nothing. */
const eventsOfText = (kind: TranslationWork['kind']): RawBuilder<unknown> =>
  kind === 'message'
    ? eventsOf('message.translated', { from: 'ended', channelId: sql`ended.place`, subject: sql`ended.text_id` })
    : eventsOf('announcement.translated', { from: 'ended', sectionId: sql`ended.place`, subject: sql`ended.text_id` })

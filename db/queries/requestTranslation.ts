import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { sameLanguagesAs } from '../../domain/translation/languages.ts'
import { lastingFailures } from '../../domain/translation/translationState.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { isRefused } from './isTranslatable.ts'
import { isOnInSection } from './liveRelation.ts'
import { isReadable, livePlaces } from './liveSection.ts'
import { isReadBy } from './readsAlong.ts'
import { isUsedUp } from './isUsedUp.ts'
import { toTranslation, translationColumns } from './translationRow.ts'
import type { TextRef, TranslationRecord, TranslationRow } from './translationRow.ts'

/** The caller turns an attempt at a translation into a start: workflow ids are the contract's business. */
export type TranslatingFor = (ref: {
  districtId: string
  translationId: string
  textId: string
  language: string
  attempt: number
}) => OutboxStart

export type TranslationRequested = {
  translation: TranslationRecord
  /** Of the run that was asked for in this transaction, for the caller to try right after the commit; null when there was one, or is a translation. */
  start: OutboxStart | null
}

type Request = TextRef & {
  actorId: string
  /** Of the provider's (`domain/translation/languages.ts`). */
  language: string
  startFor: TranslatingFor
  /** Of a text of so many characters, in whose language nobody asked for it themselves: then there is nothing of it while the district's month is used up. */
  unasked?: { characters: number }
}

/** What failed and may pass is asked for again no sooner than this: every reader may ask, and each time would be another call. */
const askAgainAfterSeconds = 300

/** What asking found: no row of the text in that language yet is all null. */
type Asked = {
  [Column in keyof TranslationRow]: TranslationRow[Column] | null
} & {
  /** In this statement. */
  isAsked: boolean | null
  /** Somebody else asked at the same moment, after this statement began to look. */
  isOvertaken: boolean
}

/**
 * Asks for a text in another language, on behalf of somebody who reads it at this moment: the live roster, what is shown, the district's switch and a guardian's refusal are
 * asked in the statement that writes the row (law 1), and once: planning them is most of its time. Whoever asks later, or at the same moment, is answered the same row, so that
 * there is one run however many readers. A row that was cancelled, or failed a while ago by what may pass, begins its next attempt. Null when they read no such text now, when
 * nothing of it may be sent to the provider, or when it is in this language: `findTranslationStanding` tells these apart. Null too when it is `unasked` and the month is used up.
 */
export const requestTranslation = async (tx: DistrictTransaction, request: Request): Promise<TranslationRequested | null> => {
  const first = await ask(tx, request)
  // Of two who ask at once, the later one is refused the write, and sees the row of the earlier one when it looks again.
  const row = first?.isOvertaken ? await ask(tx, request) : first
  if (row === null || !isFound(row)) return null
  const { isAsked, isOvertaken: _, ...found } = row
  const translation = toTranslation(found)
  if (!isAsked) return { translation, start: null }
  const { id: translationId, textId, language, attempt } = translation
  const start = request.startFor({ districtId: tx.districtId, translationId, textId, language, attempt })
  await enqueueWorkflow(tx, start)
  return { translation, start }
}

const isFound = (row: Asked): row is Asked & TranslationRow => row.id !== null

/**
 * A subquery of the text, if the actor reads it at this moment and it may be translated: `message_id, announcement_id, source`. Who reads it, where there are translations,
 * reads what is neither `ended` nor `switched-off` (`whyNotTranslated`), so that neither is asked on its own.
 */
const textFor = ({ districtId }: DistrictTransaction, { actorId, unasked, ...request }: Request): RawBuilder<unknown> => {
  const hasRoom = unasked === undefined ? sql`true` : sql`not ${isUsedUp(districtId, unasked.characters)}`
  return 'messageId' in request
    ? sql`
      select m.id as message_id, null::uuid as announcement_id, m.language as source from messages m
      join channels c on c.district_id = m.district_id and c.id = m.channel_id
      where m.district_id = ${districtId} and m.id = ${request.messageId} and m.withdrawn_at is null and m.hidden_at is null
        and ${hasRoom} and not ${isRefused(districtId, 'c')} and ${isReadBy(districtId, 'c', actorId, 'translations')}`
    : sql`
      select null::uuid as message_id, n.id as announcement_id, n.language as source from announcements n
      join ${livePlaces(districtId, actorId)} place on place.section_id = n.section_id
      where n.district_id = ${districtId} and n.id = ${request.announcementId} and n.withdrawn_at is null and n.hidden_at is null
        and ${hasRoom} and ${isReadable('place', 'n', actorId)} and ${isOnInSection(districtId, 'translations', sql`n.section_id`)}`
}

/** Whether asking for what there is begins another attempt. */
const mayBeginAgain = (alias: string): RawBuilder<boolean> => {
  const t = sql.ref(alias)
  return sql`(${t}.state = 'cancelled' or ${t}.state = 'failed' and ${t}.reason not in (${sql.join(lastingFailures.map((one) => sql.lit(one)))})
    and ${t}.finished_at <= statement_timestamp() - make_interval(secs => ${askAgainAfterSeconds}))`
}

/** Null when there is no such text for them. */
const ask = (tx: DistrictTransaction, request: Request): Promise<Asked | null> => {
  const { districtId, db } = tx
  const { language } = request
  const column = 'messageId' in request ? sql`message_id` : sql`announcement_id`
  const isForeign = sql`text.source not in (${sql.join(sameLanguagesAs(language))})`
  return findRow(
    db,
    sql<Asked>`
      with text as materialized (${textFor(tx, request)}),
      known as materialized (
        select t.* from text join translations t on t.district_id = ${districtId} and t.${column} = text.${column} and t.language = ${language}),
      asked as (
        insert into translations as t (district_id, id, message_id, announcement_id, language, source_language, state, created_at, asked_at)
        select ${districtId}::uuid, uuidv7(), message_id, announcement_id, ${language}, source, 'pending', statement_timestamp(), statement_timestamp()
        from text where ${isForeign} and not exists (select 1 from known where not ${mayBeginAgain('known')})
        on conflict (district_id, ${column}, language) do update set
          attempt = t.attempt + 1, state = 'pending', reason = null, finished_at = null, asked_at = statement_timestamp()
        where ${mayBeginAgain('t')}
        returning t.*)
      select ${translationColumns('t')}, t.is_asked as "isAsked",
        t.is_asked is not true and ${isForeign} and (t.id is null or ${mayBeginAgain('t')}) as "isOvertaken"
      from text left join (
        select asked.*, true as is_asked from asked
        union all
        select known.*, false from known where not exists (select 1 from asked)) t on true`,
  )
}

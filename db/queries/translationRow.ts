import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { TranslationReason, TranslationState } from '../../domain/translation/translationState.ts'
import { toTimeOrNull } from '../rows.ts'

/** What is translated: a message or an announcement. */
export type TextRef = { messageId: string } | { announcementId: string }

/** A translation as it is stored. `body` is sealed: open it with the district's `ColumnCipher` (table `translations`, row `id`, column `body`); null unless it is `done`. */
export type TranslationRecord = {
  id: string
  /** The message or the announcement. */
  textId: string
  language: string
  sourceLanguage: string
  state: TranslationState
  attempt: number
  reason: TranslationReason | null
  body: Buffer | null
  lost: string[]
  provider: string | null
  finishedAt: Date | null
}

/** What `translationColumns` selects, as the driver gives it. */
export type TranslationRow = Omit<TranslationRecord, 'finishedAt'> & { finishedAt: string | null }

/** The columns of a `TranslationRow`; `alias` is the name that the query gives to `translations`. */
export const translationColumns = (alias: string): RawBuilder<unknown> => {
  const t = sql.ref(alias)
  return sql`${t}.id, case when ${t}.message_id is null then ${t}.announcement_id else ${t}.message_id end as "textId", ${t}.language,
    ${t}.source_language as "sourceLanguage", ${t}.state, ${t}.attempt, ${t}.reason, ${t}.body, ${t}.lost, ${t}.provider, ${t}.finished_at as "finishedAt"`
}

export const toTranslation = ({ finishedAt, ...row }: TranslationRow): TranslationRecord => ({
  ...row,
  finishedAt: toTimeOrNull(finishedAt),
})

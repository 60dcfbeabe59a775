import { sql } from 'kysely'
import type { TranslationFailure, TranslationReason, TranslationState } from '../../domain/translation/translationState.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow, findRows, toTime, toTimeOrNull } from '../rows.ts'

/** Where a translation may be that concerns on-call. */
export const translationStages = ['pending', 'failed'] as const
export type TranslationStage = (typeof translationStages)[number]

/** What on-call sees of a translation: no text. `textId`: the message or the announcement. */
export type OpenTranslation = {
  districtId: string
  translationId: string
  kind: 'message' | 'announcement'
  textId: string
  language: string
  sourceLanguage: string
  state: TranslationState
  attempt: number
  reason: TranslationReason | null
  askedAt: Date
  finishedAt: Date | null
}

type Row = Omit<OpenTranslation, 'askedAt' | 'finishedAt'> & { askedAt: string; finishedAt: string | null }

const columns = sql`t.district_id as "districtId", t.id as "translationId", case when t.message_id is null then 'announcement' else 'message' end as kind,
  case when t.message_id is null then t.announcement_id else t.message_id end as "textId", t.language, t.source_language as "sourceLanguage", t.state, t.attempt, t.reason,
  t.asked_at as "askedAt", t.finished_at as "finishedAt"`

const toOpen = (row: Row): OpenTranslation => ({ ...row, askedAt: toTime(row.askedAt), finishedAt: toTimeOrNull(row.finishedAt) })

type Filter = {
  stage: TranslationStage
  /** Only what was asked for, or has failed, in so many last seconds; null for all. */
  sinceSeconds: number | null
  districtId: string | null
  /** Not what failed for one of these. */
  except?: readonly TranslationFailure[]
  limit: number
}

/** Those that are pending by how long they are, longest first; those that failed, the last first. As the role `oncall`. */
export const listOpenTranslations = async (
  { db }: Transaction,
  { stage, sinceSeconds, districtId, except = [], limit }: Filter,
): Promise<OpenTranslation[]> => {
  const [at, order] = stage === 'pending' ? [sql`t.asked_at`, sql`asc`] : [sql`t.finished_at`, sql`desc`]
  const rows = await findRows(
    db,
    sql<Row>`
      select ${columns} from translations t
      where t.state = ${sql.lit(stage)} and (${sinceSeconds}::float8 is null or ${at} >= statement_timestamp() - make_interval(secs => ${sinceSeconds}::float8))
        and (${districtId}::uuid is null or t.district_id = ${districtId}::uuid)
        and ${except.length === 0 ? sql`true` : sql`(t.reason is null or t.reason not in (${sql.join(except)}))`}
      order by ${at} ${order} limit ${limit}`,
  )
  return rows.map(toOpen)
}

/** The translation of that id, whichever district it is of. As the role `oncall`. */
export const findOpenTranslation = async ({ db }: Transaction, translationId: string): Promise<OpenTranslation | null> => {
  const row = await findRow(db, sql<Row>`select ${columns} from translations t where t.id = ${translationId}`)
  return row && toOpen(row)
}

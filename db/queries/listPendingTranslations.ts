import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** `textId`: the message or the announcement. */
export type PendingTranslation = { districtId: string; translationId: string; textId: string; language: string; attempt: number }

/**
 * Translations that were asked for more than `olderThanSeconds` ago and are not there, page by page in the order of their ids: some wait for the provider, some have lost their run.
 * As the role `sweeper`.
 */
export const listPendingTranslations = (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<PendingTranslation[]> =>
  findRows(
    tx.db,
    sql<PendingTranslation>`
      select district_id as "districtId", id as "translationId", case when message_id is null then announcement_id else message_id end as "textId", language, attempt
      from translations
      where state = 'pending' and asked_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )

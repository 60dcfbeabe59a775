import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { orderAttempt } from '../orderAttempt.ts'
import { findRow } from '../rows.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import type { TranslationAttempt } from './findTranslationWork.ts'
import type { AuditOrigin } from './recordAudit.ts'
import type { TranslatingFor } from './requestTranslation.ts'

/**
 * Asks for a translation again under the next attempt (law 5): one that lost its run, or, unless `onlyPending`, one that failed. Null when the row is not in that attempt any more,
 * is done, or was cancelled: what may not be translated is for its readers to ask for again.
 */
export const replayTranslation = async (
  tx: DistrictTransaction,
  {
    translationId,
    attempt,
    startFor,
    onlyPending,
    ...by
  }: TranslationAttempt & { startFor: TranslatingFor; onlyPending: boolean } & AuditOrigin,
): Promise<OutboxStart | null> => {
  const row = await findRow(
    tx.db,
    sql<{ textId: string; language: string; attempt: number }>`
      update translations t set state = 'pending', attempt = t.attempt + 1, reason = null, finished_at = null, asked_at = statement_timestamp()
      where t.district_id = ${tx.districtId} and t.id = ${translationId} and t.attempt = ${attempt}
        and ${onlyPending ? sql`t.state = 'pending'` : sql`t.state in ('pending', 'failed')`}
      returning case when t.message_id is null then t.announcement_id else t.message_id end as "textId", t.language, t.attempt`,
  )
  if (row === null) return null
  const start = startFor({ districtId: tx.districtId, translationId, ...row })
  return orderAttempt(tx, {
    ...by,
    start,
    attempt: row.attempt,
    action: 'translation.replay',
    target: { kind: 'translation', id: translationId },
  })
}

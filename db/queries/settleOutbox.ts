import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'

type ClaimedRef = { districtId: string; outboxId: string }

/** The claimed workflow runs, or ran already: the entry is done. As the role `relay`. */
export const markStarted = async ({ db }: Transaction, { districtId, outboxId }: ClaimedRef): Promise<void> => {
  await sql`
    update outbox set started_at = statement_timestamp(), last_error_code = null
    where district_id = ${districtId} and id = ${outboxId} and started_at is null`.execute(db)
}

/** The start failed: kept for a later claim, with a code (never a message, which could carry content). As the role `relay`. */
export const markStartFailed = async ({ db }: Transaction, { districtId, outboxId }: ClaimedRef, errorCode: string): Promise<void> => {
  await sql`
    update outbox set last_error_code = ${errorCode}
    where district_id = ${districtId} and id = ${outboxId} and started_at is null`.execute(db)
}

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/**
 * Deletes up to `limit` of each: starts that the outbox handed over 90 days ago, for as long as Temporal keeps their runs, idempotency keys older than 7 days,
 * tokens of machines that ended a day ago, events that no client can ask for any more, and notices older than 90 days. Answers how many.
 */
export const deleteStale = async ({ db, districtId }: DistrictTransaction, limit: number): Promise<number> => {
  const outbox = await sql`
    delete from outbox where district_id = ${districtId} and id in (
      select id from outbox
      where district_id = ${districtId} and started_at <= statement_timestamp() - interval '90 days' limit ${limit})`.execute(db)
  const keys = await sql`
    delete from idempotency_keys where district_id = ${districtId} and (user_id, key) in (
      select user_id, key from idempotency_keys
      where district_id = ${districtId} and created_at <= statement_timestamp() - interval '7 days' limit ${limit})`.execute(db)
  const tokens = await sql`
    delete from client_tokens where district_id = ${districtId} and id in (
      select id from client_tokens
      where district_id = ${districtId} and expires_at <= statement_timestamp() - interval '1 day' limit ${limit})`.execute(db)
  const events = await sql`
    delete from events where district_id = ${districtId} and id in (
      select id from events
      where district_id = ${districtId} and created_at <= statement_timestamp() - interval '25 hours' limit ${limit})`.execute(db)
  const notices = await sql`
    delete from notices where district_id = ${districtId} and id in (
      select id from notices
      where district_id = ${districtId} and created_at <= statement_timestamp() - interval '90 days' limit ${limit})`.execute(db)
  return Number([outbox, keys, tokens, events, notices].reduce((sum, { numAffectedRows }) => sum + (numAffectedRows ?? 0n), 0n))
}

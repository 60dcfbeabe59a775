import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { RosterTransaction } from './rosterTransaction.ts'

/** The key of the district's lock. */
export const toLockKey = (districtId: string): RawBuilder<unknown> => sql`hashtextextended(${`roster:${districtId}`}, 0)`

/**
 * Waits until nobody else changes this district's roster, and keeps it so until the transaction ends. Who would change the roster takes the lock first
 * and looks then: what was read before it may be of another version. Readers never wait for it.
 */
export const lockRoster = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${toLockKey(districtId)})`.execute(db)
}

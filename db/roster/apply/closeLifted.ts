import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** A sync of which nothing is held any more, since later sources named or ended all of it, waits for no decision: nobody is asked about nothing. */
export const closeLifted = async ({ db, districtId }: RosterTransaction): Promise<void> => {
  await sql`
    update roster_syncs s set removals = 'lifted', decided_at = clock_timestamp()
    where s.district_id = ${districtId} and s.removals = 'waiting'
      and not exists (select 1 from suspensions held where held.district_id = s.district_id and held.sync_id = s.id)`.execute(db)
}

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/**
 * Sets out to end an alert that nobody has seen to hold for `quietSeconds`: one caller alone is answered, and another a minute later if that one died on its
 * way. `wasRaised`: somebody was paged and has to hear of the end. Null when there is nothing to end.
 */
export const claimAlertEnd = (
  tx: DistrictTransaction,
  { dedupKey, quietSeconds }: { dedupKey: string; quietSeconds: number },
): Promise<{ wasRaised: boolean } | null> =>
  findRow(
    tx.db,
    sql<{ wasRaised: boolean }>`
      update open_alerts set ending_at = statement_timestamp()
      where district_id = ${tx.districtId} and dedup_key = ${dedupKey}
        and seen_at <= statement_timestamp() - make_interval(secs => ${quietSeconds})
        and (ending_at is null or ending_at < statement_timestamp() - interval '1 minute')
      returning raised_at is not null as "wasRaised"`,
  )

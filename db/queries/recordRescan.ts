import { sql } from 'kysely'
import type { RescanOutcome } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * Says that a database looked at a clean file again and what came of it. Only one that looked at the whole of it takes the place of the one
 * that did so before. `false` when the file is clean no more.
 */
export const recordRescan = async (
  tx: DistrictTransaction,
  attachmentId: string,
  rescan: { outcome: RescanOutcome; engine: string | null; databaseVersion: string },
): Promise<boolean> => {
  const isPassed = rescan.outcome === 'passed'
  const { numAffectedRows } = await sql`
    update attachments a
    set rescanned_at = statement_timestamp(), rescan_version = ${rescan.databaseVersion}, rescan_outcome = ${rescan.outcome},
        engine = case when ${isPassed} then ${rescan.engine} else a.engine end,
        database_version = case when ${isPassed} then ${rescan.databaseVersion} else a.database_version end
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'rescan')}`.execute(tx.db)
  return numAffectedRows === 1n
}

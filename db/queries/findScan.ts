import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { scanColumns, toScan, type Scan, type ScanRow } from './scanRow.ts'

/** The attachment of that id, whichever district it is of. As the role `oncall`. */
export const findScan = async ({ db }: Transaction, attachmentId: string): Promise<Scan | null> => {
  const row = await findRow(db, sql<ScanRow>`select ${scanColumns('a')} from attachments a where a.id = ${attachmentId}`)
  return row && toScan(row)
}

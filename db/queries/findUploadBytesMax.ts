import { sql } from 'kysely'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** The most bytes that a file of the district may have: its own setting, never above what the scanner can see whole. */
export const findUploadBytesMax = async (tx: DistrictTransaction): Promise<number> => {
  const row = await findRow(
    tx.db,
    sql<{ bytesMax: number }>`select upload_bytes_max as "bytesMax" from districts where id = ${tx.districtId}`,
  )
  return Math.min(row?.bytesMax ?? 0, uploadLimits.bytesCeiling)
}

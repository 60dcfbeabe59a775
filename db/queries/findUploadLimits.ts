import { sql } from 'kysely'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import type { UploadQuotas } from '../../domain/uploadQuotas.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** What the district allows. `isLimited` is false for the operations district alone, whose uploads are our own. */
export type DistrictUploadLimits = UploadQuotas & { bytesMax: number; isLimited: boolean }

type Row = { [Name in keyof DistrictUploadLimits]: DistrictUploadLimits[Name] extends boolean ? boolean : string | number }

/** The upload limits of the transaction's district. A file is never larger than what the scanner can see whole, whatever the district says. */
export const findUploadLimits = async (tx: DistrictTransaction): Promise<DistrictUploadLimits> => {
  const row = await findRow(
    tx.db,
    sql<Row>`
      select upload_bytes_max as "bytesMax", kind <> 'operations' as "isLimited",
        person_files_per_day as "personFilesPerDay", person_bytes_per_day as "personBytesPerDay",
        person_uploads_in_flight as "personUploadsInFlight", district_files_per_day as "districtFilesPerDay",
        district_bytes_per_day as "districtBytesPerDay", district_uploads_in_flight as "districtUploadsInFlight"
      from districts where id = ${tx.districtId}`,
  )
  if (row === null) throw new Error('the transaction names no district')
  return {
    bytesMax: Math.min(Number(row.bytesMax), uploadLimits.bytesCeiling),
    isLimited: row.isLimited,
    personFilesPerDay: Number(row.personFilesPerDay),
    personBytesPerDay: Number(row.personBytesPerDay),
    personUploadsInFlight: Number(row.personUploadsInFlight),
    districtFilesPerDay: Number(row.districtFilesPerDay),
    districtBytesPerDay: Number(row.districtBytesPerDay),
    districtUploadsInFlight: Number(row.districtUploadsInFlight),
  }
}

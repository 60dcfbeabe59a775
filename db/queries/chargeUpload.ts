import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { secondsUntilRoom, type QuotaPerDay, type UploadQuotas, type UploadUsage } from '../../domain/uploadQuotas.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type UploadCharge =
  | { outcome: 'charged' }
  /** When this file fits. */
  | { outcome: 'over-quota'; retryAfterSeconds: number }
  | { outcome: 'too-many-in-flight' }

type Upload = { userId: string; bytes: number }

/**
 * Charges one upload to the person who asks, before the ticket is inserted in the same transaction. The person's row stays locked until it ends,
 * and what is in flight is counted behind the lock: whoever comes at the same moment waits, and then sees this ticket. So no quota is ever
 * exceeded, however many ask at once. Whatever is not `charged`, the caller rolls back.
 */
export const chargePerson = async (tx: DistrictTransaction, { userId, bytes }: Upload, quotas: UploadQuotas): Promise<UploadCharge> => {
  const { personFilesPerDay, personBytesPerDay, personUploadsInFlight } = quotas
  const retryAfterSeconds = await charge(
    tx,
    personBucket(tx, userId),
    { files: 1, bytes },
    { files: personFilesPerDay, bytes: personBytesPerDay },
  )
  if (retryAfterSeconds !== null) return { outcome: 'over-quota', retryAfterSeconds }
  const inFlight = await countInFlight(tx, sql`uploader_id = ${userId}`, personUploadsInFlight)
  return { outcome: inFlight < personUploadsInFlight ? 'charged' : 'too-many-in-flight' }
}

/**
 * Charges it to the district, **after** the ticket was inserted and as late as can be: everybody who sends in the district waits for this row
 * until the transaction ends. Whatever is not `charged`, the caller rolls back.
 */
export const chargeDistrict = async (
  tx: DistrictTransaction,
  { bytes }: Omit<Upload, 'userId'>,
  quotas: UploadQuotas,
): Promise<UploadCharge> => {
  const { districtFilesPerDay, districtBytesPerDay, districtUploadsInFlight } = quotas
  const retryAfterSeconds = await charge(
    tx,
    districtBucket(tx),
    { files: 1, bytes },
    { files: districtFilesPerDay, bytes: districtBytesPerDay },
  )
  if (retryAfterSeconds !== null) return { outcome: 'over-quota', retryAfterSeconds }
  // This ticket is one of them.
  const inFlight = await countInFlight(tx, sql`true`, districtUploadsInFlight + 1)
  return { outcome: inFlight <= districtUploadsInFlight ? 'charged' : 'too-many-in-flight' }
}

/** A row of one of the two tables of buckets: its columns and values of the key, and the same as a condition. */
type Bucket = { table: RawBuilder<unknown>; columns: RawBuilder<unknown>; values: RawBuilder<unknown>; isIt: RawBuilder<unknown> }

const personBucket = ({ districtId }: DistrictTransaction, userId: string): Bucket => ({
  table: sql`user_upload_usage`,
  columns: sql`district_id, user_id`,
  values: sql`${districtId}::uuid, ${userId}::uuid`,
  isIt: sql`u.district_id = ${districtId} and u.user_id = ${userId}`,
})

const districtBucket = ({ districtId }: DistrictTransaction): Bucket => ({
  table: sql`district_upload_usage`,
  columns: sql`district_id`,
  values: sql`${districtId}::uuid`,
  isIt: sql`u.district_id = ${districtId}`,
})

/** What is left in a bucket now. The clock of the moment, not of the statement: a statement may have waited for the row. */
const drained = (column: 'files' | 'bytes', perDay: number): RawBuilder<number> =>
  sql`greatest(0, ${sql.ref(`u.${column}`)} - greatest(0, extract(epoch from clock_timestamp() - u.as_of)::double precision) * ${perDay}::double precision / 86400)`

/** Null when it fitted; else the seconds until it does. */
const charge = async ({ db }: DistrictTransaction, bucket: Bucket, cost: UploadUsage, quota: QuotaPerDay): Promise<number | null> => {
  const { table, columns, values, isIt } = bucket
  const files = drained('files', quota.files)
  const bytes = drained('bytes', quota.bytes)
  const charged = await findRow(
    db,
    sql<{ files: number }>`
      insert into ${table} as u (${columns}, files, bytes, as_of)
      values (${values}, ${cost.files}::double precision, ${cost.bytes}::double precision, clock_timestamp())
      on conflict (${columns})
      do update set files = ${files} + ${cost.files}, bytes = ${bytes} + ${cost.bytes}, as_of = clock_timestamp()
      where ${files} + ${cost.files} <= ${quota.files} and ${bytes} + ${cost.bytes} <= ${quota.bytes}
      returning u.files`,
  )
  if (charged !== null) return null
  const usage = await findRow(db, sql<UploadUsage>`select ${files} as files, ${bytes} as bytes from ${table} u where ${isIt}`)
  return secondsUntilRoom(usage ?? { files: 0, bytes: 0 }, cost, quota)
}

/** Tickets and scans that have not ended, counted no further than `max`. */
const countInFlight = async ({ db, districtId }: DistrictTransaction, whose: RawBuilder<unknown>, max: number): Promise<number> => {
  const row = await findRow(
    db,
    sql<{ count: number }>`
      select count(*)::int as count from (
        select 1 from attachments
        where district_id = ${districtId} and ${whose} and state in ('awaiting-upload', 'scanning')
        limit ${max}) open`,
  )
  return row?.count ?? 0
}

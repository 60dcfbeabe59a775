import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

/** What one kind of alert's keys have in common. */
const prefix = 'attachment-infected:'

/**
 * Remembers that the engineers are told of an infected attachment, and answers of how many others they had been told within the hour before, over all
 * districts. Asked again of the same attachment, the answer is the same.
 */
export const noteInfected = async ({ db, districtId }: DistrictTransaction, attachmentId: string): Promise<number> => {
  const dedupKey = `${prefix}${attachmentId}`
  await sql`
    insert into open_alerts (district_id, dedup_key, raised_at) values (${districtId}, ${dedupKey}, statement_timestamp()) on conflict do nothing`.execute(
    db,
  )
  const { earlier } = await getRow(
    db,
    sql<{ earlier: number }>`
      select count(*)::int as earlier
      from open_alerts mine
      join open_alerts other on other.district_id = mine.district_id and other.dedup_key <> mine.dedup_key and other.dedup_key like ${`${prefix}%`}
        and other.began_at <= mine.began_at and other.began_at > mine.began_at - interval '1 hour'
      where mine.district_id = ${districtId} and mine.dedup_key = ${dedupKey}`,
  )
  return earlier
}

import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type SameBytes = { districtId: string; attachmentId: string }

/** Clean attachments that were uploaded as these very bytes, in whichever district, page by page in the order of their ids. As the role `sweeper`. */
export const listSameBytes = (
  { db }: Transaction,
  sha256: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<SameBytes[]> =>
  findRows(
    db,
    sql<SameBytes>`
      select district_id as "districtId", id as "attachmentId" from attachments
      where state = 'clean' and sha256 = ${Buffer.from(sha256, 'hex')} and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )

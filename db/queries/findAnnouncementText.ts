import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** What an announcement says, sealed for its row, and in which language; null when it is there no more. It decides nothing: for the district's own runs, which show it to nobody. */
export const findAnnouncementText = (
  { db, districtId }: DistrictTransaction,
  announcementId: string,
): Promise<{ body: Buffer; language: string } | null> =>
  findRow(
    db,
    sql<{
      body: Buffer
      language: string
    }>`select n.body, n.language from announcements n where n.district_id = ${districtId} and n.id = ${announcementId}`,
  )

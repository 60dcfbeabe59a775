import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { toTranslation, translationColumns, type TranslationRecord, type TranslationRow } from './translationRow.ts'

/** All that there are of some messages or announcements, in whatever languages: for the district, which may read these and said so in the same transaction. */
export const listTranslationsOf = async (
  { db, districtId }: DistrictTransaction,
  of: { messageIds: readonly string[] } | { announcementIds: readonly string[] },
): Promise<TranslationRecord[]> => {
  const [column, ids] = 'messageIds' in of ? [sql`t.message_id`, of.messageIds] : [sql`t.announcement_id`, of.announcementIds]
  if (ids.length === 0) return []
  const rows = await findRows(
    db,
    sql<TranslationRow>`
      select ${translationColumns('t')} from translations t
      where t.district_id = ${districtId} and ${column} = any(${[...ids]}::uuid[]) and t.state = 'done'
      order by ${column}, t.language`,
  )
  return rows.map(toTranslation)
}

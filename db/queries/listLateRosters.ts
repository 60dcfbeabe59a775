import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { lateRoster, lateRosterColumns, type LateRoster } from './lateRoster.ts'

/** Districts that are to be told, page by page in the order of their ids. As the role `sweeper`. */
export const listLateRosters = ({ db }: Transaction, { after, limit }: { after: string | null; limit: number }): Promise<LateRoster[]> =>
  findRows(
    db,
    sql<LateRoster>`
      select ${lateRosterColumns} from ${lateRoster} and (${after}::uuid is null or d.id > ${after}::uuid) order by d.id limit ${limit}`,
  )

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** `begins` is inclusive, `ends` exclusive. `endedAt`: when somebody ended it before its time. */
export type ProviderConnectionRecord = {
  id: string
  providerId: string
  studentId: string
  authorId: string
  begins: string
  ends: string
  endedAt: string | null
  endedBy: string | null
}

/** The district's connections, newest first, those that have ended too; or the one with this id. */
export const listProviderConnections = (
  { db, districtId }: DistrictTransaction,
  { id = null, before = null, limit }: { id?: string | null; before?: string | null; limit: number },
): Promise<ProviderConnectionRecord[]> =>
  findRows(
    db,
    sql<ProviderConnectionRecord>`
      select c.id, c.provider_id as "providerId", c.student_id as "studentId", c.author_id as "authorId", c.begins::text as begins, c.ends::text as ends,
        (select v.at from roster_versions v where v.district_id = c.district_id and v.version = c.until_version) as "endedAt", c.ended_by as "endedBy"
      from provider_connections c
      where c.district_id = ${districtId} and (${id}::uuid is null or c.id = ${id}::uuid) and (${before}::uuid is null or c.id < ${before}::uuid)
      order by c.id desc limit ${limit}`,
  )

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** `begins` is inclusive, `ends` exclusive. `endedAt`: when somebody, or a change of the roster, ended it before its time. */
type Connection = {
  id: string
  providerId: string
  authorId: string
  begins: string
  ends: string
  endedAt: string | null
  endedBy: string | null
}
export type ProviderConnectionRecord = Connection & { studentId: string }
export type SubstituteRecord = Connection & { sectionId: string }

type Page = { id?: string | null; before?: string | null; limit: number }

/** The district's connections with students, newest first, those that have ended too; or the one with this id. */
export const listProviderConnections = (tx: DistrictTransaction, page: Page): Promise<ProviderConnectionRecord[]> =>
  findRows(tx.db, select<ProviderConnectionRecord>(tx, page, sql`c.student_id as "studentId"`, sql<boolean>`c.student_id is not null`))

/** The district's substitutes, newest first, those whose days are over too; or the one with this id. */
export const listSubstitutes = (tx: DistrictTransaction, page: Page): Promise<SubstituteRecord[]> =>
  findRows(tx.db, select<SubstituteRecord>(tx, page, sql`c.section_id as "sectionId"`, sql<boolean>`c.section_id is not null`))

const select = <Row>(
  { districtId }: DistrictTransaction,
  { id = null, before = null, limit }: Page,
  target: RawBuilder<unknown>,
  isOfKind: RawBuilder<boolean>,
): RawBuilder<Row> => sql<Row>`
  select c.id, c.provider_id as "providerId", ${target}, c.author_id as "authorId", c.begins::text as begins, c.ends::text as ends,
    (select v.at from roster_versions v where v.district_id = c.district_id and v.version = c.until_version) as "endedAt", c.ended_by as "endedBy"
  from provider_connections c
  where c.district_id = ${districtId} and ${isOfKind} and (${id}::uuid is null or c.id = ${id}::uuid) and (${before}::uuid is null or c.id < ${before}::uuid)
  order by c.id desc limit ${limit}`

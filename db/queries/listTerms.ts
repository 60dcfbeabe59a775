import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows, toTime, toTimeOrNull } from '../rows.ts'

/** A version of a district's terms of use. `publishedBy` is null of the one that it was made with. */
export type TermsRecord = { version: number; publishedBy: string | null; publishedAt: Date }

/** Every version, newest first, before the version `before`. */
export const listTerms = async (
  { db, districtId }: DistrictTransaction,
  { before = null, limit }: { before?: number | null; limit: number },
): Promise<TermsRecord[]> => {
  const rows = await findRows(
    db,
    sql<Omit<TermsRecord, 'publishedAt'> & { publishedAt: string }>`
      select terms.version, terms.published_by as "publishedBy", terms.published_at as "publishedAt"
      from terms_of_use terms
      where terms.district_id = ${districtId} and (${before}::int is null or terms.version < ${before}::int)
      order by terms.version desc limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, publishedAt: toTime(row.publishedAt) }))
}

/** The version, or the newest without one; null when there is none. `acceptedAt` is of that person, null when they did not. */
export const findTerms = async (
  { db, districtId }: DistrictTransaction,
  { version = null, userId = null }: { version?: number | null; userId?: string | null },
): Promise<(TermsRecord & { text: string; acceptedAt: Date | null }) | null> => {
  const row = await findRow(
    db,
    sql<Omit<TermsRecord, 'publishedAt'> & { text: string; publishedAt: string; acceptedAt: string | null }>`
      select terms.version, terms.text, terms.published_by as "publishedBy", terms.published_at as "publishedAt", (
        select accepted.accepted_at from terms_acceptances accepted
        where accepted.district_id = terms.district_id and accepted.version = terms.version and accepted.user_id = ${userId}::uuid) as "acceptedAt"
      from terms_of_use terms
      where terms.district_id = ${districtId} and (${version}::int is null or terms.version = ${version}::int)
      order by terms.version desc limit 1`,
  )
  return row && { ...row, publishedAt: toTime(row.publishedAt), acceptedAt: toTimeOrNull(row.acceptedAt) }
}

/** Who accepted the version and when, by the person's id after `after`. */
export const listTermsAcceptances = async (
  { db, districtId }: DistrictTransaction,
  { version, after = null, limit }: { version: number; after?: string | null; limit: number },
): Promise<{ userId: string; acceptedAt: Date }[]> => {
  const rows = await findRows(
    db,
    sql<{ userId: string; acceptedAt: string }>`
      select accepted.user_id as "userId", accepted.accepted_at as "acceptedAt"
      from terms_acceptances accepted
      where accepted.district_id = ${districtId} and accepted.version = ${version} and (${after}::uuid is null or accepted.user_id > ${after}::uuid)
      order by accepted.user_id limit ${limit}`,
  )
  return rows.map((row) => ({ ...row, acceptedAt: toTime(row.acceptedAt) }))
}

import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit, type AuditOrigin } from './recordAudit.ts'

export type TermsToPublish = {
  text: string
  /** The version that its author has read and replaces; 0 for none. */
  replaces: number
  /** Null of the terms that a district is made with. */
  publishedBy: string | null
}

/**
 * Publishes the next version of the terms of use and answers its number; from this commit on nobody writes who has not accepted it. Null, and nothing is done, when another
 * version than `replaces` is the newest. The same again, by the same person, answers the version that it made: nobody accepts twice because an answer was lost.
 */
export const publishTerms = async (
  tx: DistrictTransaction,
  { text, replaces, publishedBy }: TermsToPublish,
  by: AuditOrigin,
): Promise<number | null> => {
  const { db, districtId } = tx
  const made = await findRow(
    db,
    sql<{ version: number }>`
      insert into terms_of_use (district_id, version, text, published_by, published_at)
      select ${districtId}::uuid, ${replaces}::int + 1, ${text}, ${publishedBy}::uuid, statement_timestamp()
      where coalesce((select max(newest.version) from terms_of_use newest where newest.district_id = ${districtId}), 0) = ${replaces}::int
      on conflict do nothing
      returning version`,
  )
  if (made === null) return findSame(tx, { text, replaces, publishedBy })
  const target = { kind: 'terms-of-use', id: String(made.version) }
  await recordAudit(tx, { ...by, action: 'terms.publish', target, details: { characters: Array.from(text).length } })
  return made.version
}

const findSame = async (
  { db, districtId }: DistrictTransaction,
  { text, replaces, publishedBy }: TermsToPublish,
): Promise<number | null> => {
  const same = await findRow(
    db,
    sql<{ version: number }>`
      select newest.version from (
        select version, text, published_by from terms_of_use where district_id = ${districtId} order by version desc limit 1) newest
      where newest.version = ${replaces}::int + 1 and newest.text = ${text} and newest.published_by = ${publishedBy}::uuid`,
  )
  return same?.version ?? null
}

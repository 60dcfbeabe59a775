import { sql } from 'kysely'
import type { WordKind } from '../domain/language/wordKinds.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { listNudgeCounts, type NudgeCount } from './queries/countNudge.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { findRow, findRows } from './rows.ts'

export type ListedWord = { language: string; term: string; kind: WordKind }

/** Account name of who does it, and why: both stand in the audit log, and the word does not. */
type By = { districtId: string; staff: string; reason: string }

const isThere = async ({ db, districtId }: DistrictTransaction): Promise<boolean> =>
  (await findRow(db, sql`select id from districts where id = ${districtId} and kind = 'district'`)) !== null

const record = (tx: DistrictTransaction, action: string, { staff, reason }: By, details: { language: string; kind?: WordKind }) =>
  recordAudit(tx, { actor: { kind: 'staff', name: staff }, action, target: { kind: 'district', id: tx.districtId }, reason, details })

/** The words that a district adds, and what became of nudges in the last 30 days. Null when there is no such district. As the owner. */
export const listWords = (owner: Database, districtId: string): Promise<{ words: ListedWord[]; nudges: NudgeCount[] } | null> =>
  withDistrict(owner, districtId, async (tx) => {
    if (!(await isThere(tx))) return null
    const words = await findRows(
      tx.db,
      sql<ListedWord>`select language, term, kind from district_words where district_id = ${districtId} order by language, term`,
    )
    return { words, nudges: await listNudgeCounts(tx, 30) }
  })

/** Adds a word, or changes what it does. Counts within half a minute. Answers false when there is no such district. As the owner. */
export const addWord = (owner: Database, { language, term, kind, ...by }: ListedWord & By): Promise<boolean> =>
  withDistrict(owner, by.districtId, async (tx) => {
    if (!(await isThere(tx))) return false
    await sql`
      insert into district_words (district_id, language, term, kind) values (${by.districtId}, ${language}, ${term}, ${kind})
      on conflict (district_id, language, term) do update set kind = excluded.kind`.execute(tx.db)
    await record(tx, 'district-word.add', by, { language, kind })
    return true
  })

/** Answers false when the district has no such word. As the owner. */
export const removeWord = (owner: Database, { language, term, ...by }: Omit<ListedWord, 'kind'> & By): Promise<boolean> =>
  withDistrict(owner, by.districtId, async (tx) => {
    const removed = await findRow(
      tx.db,
      sql`delete from district_words where district_id = ${by.districtId} and language = ${language} and term = ${term} returning term`,
    )
    if (removed === null) return false
    await record(tx, 'district-word.remove', by, { language })
    return true
  })

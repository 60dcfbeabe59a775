import { sql } from 'kysely'
import { noDistrictWords } from '../../domain/language/wordKinds.ts'
import type { DistrictWords, WordKind } from '../../domain/language/wordKinds.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** What the district adds to the lists, of every language. */
export const listDistrictWords = async ({ db, districtId }: DistrictTransaction): Promise<DistrictWords> => {
  const rows = await findRows(
    db,
    sql<{ kind: WordKind; term: string }>`
      select w.kind, w.term from district_words w where w.district_id = ${districtId} order by w.language, w.term`,
  )
  const words: Record<WordKind, string[]> = { ...structuredClone(noDistrictWords) } as Record<WordKind, string[]>
  for (const { kind, term } of rows) words[kind].push(term)
  return words
}

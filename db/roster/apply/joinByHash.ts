import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'

/**
 * Does `work`, whose statements join what is staged with the roster row by row, without nested loops. Of a district that came after Postgres last counted it
 * believes that there is nobody, and would look through all that is staged for each of its rows: twelve thousand people take minutes so, and a hundred
 * thousand never end. Not for a single change, which finds its rows by index in a district of any size.
 */
export const joinByHash = async <T>({ db }: RosterTransaction, isFeed: boolean, work: () => Promise<T>): Promise<T> => {
  if (!isFeed) return work()
  await sql`set local enable_nestloop = off`.execute(db)
  const done = await work()
  await sql`set local enable_nestloop = on`.execute(db)
  return done
}

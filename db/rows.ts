import type { QueryExecutorProvider, RawBuilder } from 'kysely'

/** Runs one statement and answers its rows. */
export const findRows = async <Row>(db: QueryExecutorProvider, statement: RawBuilder<Row>): Promise<Row[]> =>
  (await statement.execute(db)).rows

/** Runs one statement and answers its first row, or null. */
export const findRow = async <Row>(db: QueryExecutorProvider, statement: RawBuilder<Row>): Promise<Row | null> =>
  (await statement.execute(db)).rows[0] ?? null

/** Runs one statement that always answers a row. @throws when it answers none. */
export const getRow = async <Row>(db: QueryExecutorProvider, statement: RawBuilder<Row>): Promise<Row> => {
  const row = await findRow(db, statement)
  if (row === null) throw new Error('a statement that always answers a row answered none')
  return row
}

/** The driver gives times as Postgres writes them, in UTC (`toConnection` says so). */
export const toTime = (text: string): Date => new Date(text)

export const toTimeOrNull = (text: string | null): Date | null => (text === null ? null : toTime(text))

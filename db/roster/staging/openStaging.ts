import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { FeedVersion, TakenFile } from '../../../domain/roster/feedFiles.ts'
import type { RosterRow } from '../../../domain/roster/rosterRow.ts'
import type { ColumnCipher } from '../../districtKeys.ts'
import { toConnection } from '../../toConnection.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { copyRows } from './copyRows.ts'
import { createStagedTables } from './createStagedTables.ts'
import { sealUsers, type UserLine } from './sealUsers.ts'
import { stageRow, type StagedRow } from './stageRow.ts'
import { stagedTableNames, type StagedTable } from './stagedTables.ts'

/** Rows that are held before they are copied: about a megabyte. */
const rowsAtOnce = 5_000

/** For one connection that joins a million rows, and not for the server: what is staged and what is joined stays in memory, and nothing is compiled for one use. */
const settings = { work_mem: '128MB', temp_buffers: '64MB', jit: 'off' } as const

/** A connection of its own, as role `app`, with a feed staged on it. */
export type Staging = {
  /** What a line became. Resolves when there is room for more. */
  add(line: { file: TakenFile; line: number; rows: readonly RosterRow[] }): Promise<void>
  /** Copies what is held back, and counts what is there, which Postgres needs to plan well. */
  finish(): Promise<void>
  /** One transaction on the staged feed. Rolls back when `work` rejects, and the staged rows are as they were. */
  transact<T>(work: (tx: RosterTransaction) => Promise<T>): Promise<T>
  /** Ends the connection; with it goes everything that was staged. */
  close(): Promise<void>
}

export type StagingOptions = {
  url: string
  districtId: string
  cipher: ColumnCipher
  feed: { version: FeedVersion; files: readonly { file: TakenFile; mode: 'bulk' | 'delta' }[] }
  /** No statement of a feed outlives this: a million rows are compared in one. */
  statementTimeoutMs?: number
}

/**
 * Opens a connection to stage a feed on. Temporary tables are seen by this connection alone and end with it, killed or not; row-level security does not let
 * COPY write to any other (PostgreSQL documentation, COPY, "COPY FROM … row-level security").
 */
export const openStaging = async ({ url, districtId, cipher, feed, statementTimeoutMs = 600_000 }: StagingOptions): Promise<Staging> => {
  const { clientUrl, driverOptions } = toConnection(url)
  const client = new pg.Client({ connectionString: clientUrl, ...driverOptions })
  // A server that goes away is told by the statement under way.
  client.on('error', () => undefined)
  await client.connect()
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: toPool(client) }) })
  const transact: Staging['transact'] = (work) =>
    db.transaction().execute(async (transaction) => {
      await sql`select set_config('app.district_id', ${districtId}, true)`.execute(transaction)
      return work({ db: transaction, districtId })
    })
  try {
    for (const [name, value] of Object.entries({ ...settings, statement_timeout: String(statementTimeoutMs) }))
      await sql`select set_config(${name}, ${value}, false)`.execute(db)
    await createStagedTables({ db }, 'connection')
    const buffer = createBuffer(client, (people) => transact((tx) => sealUsers(tx, cipher, people)))
    for (const { file, mode } of feed.files) await buffer.put({ table: 'staged_files', values: [file, mode] })
    return {
      add: async ({ file, line, rows }) => {
        for (const row of rows)
          if (row.kind === 'user') await buffer.putPerson({ line, row })
          else for (const staged of stageRow(file, line, row)) await buffer.put(staged)
      },
      finish: async () => {
        await buffer.flush()
        for (const table of stagedTableNames) await sql`analyze ${sql.table(table)}`.execute(db)
      },
      transact,
      close: () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

/** One client, lent to one transaction after the other. */
const toPool = (client: pg.Client) => {
  const lent = Object.assign(client, { release: () => undefined })
  return { connect: () => Promise.resolve(lent), end: () => Promise.resolve(), options: {} }
}

const createBuffer = (client: pg.Client, seal: (people: readonly UserLine[]) => Promise<StagedRow[]>) => {
  let people: UserLine[] = []
  let rows = new Map<StagedTable, StagedRow[]>()
  let count = 0
  const copy = async (): Promise<void> => {
    const full = rows
    rows = new Map()
    count = 0
    await copyRows(client, full)
  }
  const put = async (row: StagedRow): Promise<void> => {
    const ofTable = rows.get(row.table)
    if (ofTable === undefined) rows.set(row.table, [row])
    else ofTable.push(row)
    count += 1
    if (count >= rowsAtOnce) await copy()
  }
  const sealPeople = async (): Promise<void> => {
    const lines = people
    people = []
    for (const row of await seal(lines)) await put(row)
  }
  return {
    put,
    putPerson: async (person: UserLine): Promise<void> => {
      people.push(person)
      if (people.length >= rowsAtOnce) await sealPeople()
    },
    flush: async (): Promise<void> => {
      if (people.length > 0) await sealPeople()
      await copy()
    },
  }
}

import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { FeedVersion, TakenFile } from '../../../domain/roster/feedFiles.ts'
import type { RosterRow } from '../../../domain/roster/rosterRow.ts'
import type { ColumnCipher } from '../../districtKeys.ts'
import { toConnection } from '../../toConnection.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { copyRows } from './copyRows.ts'
import { createCopyText, type CopyText } from './createCopyText.ts'
import { createStagedTables } from './createStagedTables.ts'
import { sealUsers, type UserLine } from './sealUsers.ts'
import { stageRow, type StagedRow } from './stageRow.ts'
import { stagedTableNames, type StagedTable } from './stagedTables.ts'

/** So much is held before it is copied, and as much again is on its way meanwhile. */
const bytesAtOnce = 512 * 1_024
/** Those whose addresses are known are asked for together. */
const peopleAtOnce = 1_000

/**
 * For one connection that joins a million rows, and not for the server: what is staged and what is joined stays in memory, nothing is compiled for one use, and
 * of each table a tenth of the usual sample is looked at, for what is joined is joined as a whole.
 */
const settings = { work_mem: '128MB', temp_buffers: '128MB', jit: 'off', default_statistics_target: '10' } as const

/** A connection of its own, as role `app`, with a feed staged on it. */
export type Staging = {
  /** What lines became. Resolves when there is room for more, and says by the next one, or the end, what went wrong. */
  add(lines: readonly { file: TakenFile; line: number; rows: readonly RosterRow[] }[]): Promise<void>
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
    for (const { file, mode } of feed.files) buffer.put({ table: 'staged_files', values: [file, mode] })
    return {
      add: (lines) => {
        for (const { file, line, rows } of lines)
          for (const row of rows)
            if (row.kind === 'user') buffer.putPerson({ line, row })
            else stageRow(file, line, row).forEach(buffer.put)
        return buffer.makeRoom()
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

/**
 * Holds rows as lines of COPY. While some are on their way, or people are asked for, the next are gathered: reading and copying take about as long as each
 * other. One thing at a time is under way, so what is held is bounded.
 */
const createBuffer = (client: pg.Client, seal: (people: readonly UserLine[]) => Promise<StagedRow[]>) => {
  let people: UserLine[] = []
  const texts = new Map<StagedTable, CopyText>()
  let waiting = new Set<StagedTable>()
  let bytes = 0
  let underWay: Promise<void> = Promise.resolve()
  const textOf = (table: StagedTable): CopyText => {
    const text = texts.get(table) ?? createCopyText()
    texts.set(table, text)
    return text
  }
  const put = ({ table, values }: StagedRow): void => {
    bytes += textOf(table).add(values)
    waiting.add(table)
  }
  const begin = async (work: () => Promise<void>): Promise<void> => {
    await underWay
    underWay = work()
    // Whoever waits for it is told.
    underWay.catch(() => undefined)
  }
  const copy = (): Promise<void> =>
    begin(() => {
      const full = new Map([...waiting].map((table) => [table, textOf(table).take()]))
      waiting = new Set()
      bytes = 0
      return copyRows(client, full)
    })
  const sealPeople = (): Promise<void> => {
    const full = people
    people = []
    return begin(async () => (await seal(full)).forEach(put))
  }
  return {
    put,
    putPerson: (person: UserLine): void => void people.push(person),
    makeRoom: async (): Promise<void> => {
      // In this order: the people who are asked for last are what nobody waits for.
      if (bytes >= bytesAtOnce) await copy()
      if (people.length >= peopleAtOnce) await sealPeople()
    },
    flush: async (): Promise<void> => {
      if (people.length > 0) await sealPeople()
      await copy()
      await underWay
    },
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { MikroORM } from '@mikro-orm/postgresql'
import { SpanKind } from '@opentelemetry/api'
import type { Kysely, QueryExecutorProvider } from 'kysely'
import pg, { type Pool } from 'pg'
import { inChildSpan } from '../telemetry/inSpan.ts'
import { entities } from './entities.ts'
import { prepareStatements } from './prepareStatements.ts'
import { returnLostConnections } from './returnLostConnections.ts'
import { runTransaction } from './runTransaction.ts'
import { toConnection } from './toConnection.ts'

/** A pool of connections as one role. `close` waits for the connections in use. `remembersPlans`: see `openDatabase`. */
export type Database = {
  readonly kysely: Kysely<unknown>
  readonly remembersPlans: boolean
  connections(): Connections
  close(): Promise<void>
}

/** Counts of a pool: connections in use, idle ones, and transactions that wait for one. */
export type Connections = { used: number; idle: number; waiting: number }

/** An open transaction: `db` runs `sql` templates in it. Statements that are not waited for are sent together, and run in the order in which they were given. */
export type Transaction = { readonly db: QueryExecutorProvider }

/** A transaction that can see and write one district, and nothing else. */
export type DistrictTransaction = Transaction & { readonly districtId: string }

/** No statement outlives this: an access check may not be older than that when it takes effect (law 1). */
export const statementTimeoutMs = 2_000

/** No transaction outlives this, unless it is told otherwise: what a statement decided may not be committed long after (law 1). */
const transactionTimeoutMs = 5_000

/** For work that is long by its nature and decides nobody's access: loading a roster, sealing the audit log. */
export type TransactionOptions = { transactionTimeoutMs?: number }

/**
 * Opens a pool as the role that `url` names. Outside loopback and a compose network the server's certificate is verified
 * (law 10). Nothing that a query carries is logged. With `remembersPlans` a statement is planned once for a connection, and not for its values: for the many
 * small statements of the API, whose planning takes ten times as long as they do (docs/decisions/plans-are-remembered.md).
 * @throws when the server cannot be reached.
 */
export const openDatabase = async ({
  url,
  connectionsMax = 10,
  remembersPlans = false,
}: {
  url: string
  connectionsMax?: number
  remembersPlans?: boolean
}): Promise<Database> => {
  const { clientUrl, driverOptions } = toConnection(url)
  let pool: Pool | undefined
  const onPoolCreated = (created: Pool): void => {
    pool = created
    returnLostConnections(created)
    if (remembersPlans) prepareStatements(created)
  }
  const orm = await MikroORM.init({
    entities,
    clientUrl,
    driverOptions: { ...driverOptions, pipeline: true, onPoolCreated },
    pool: { min: 0, max: connectionsMax, idleTimeoutMillis: 10_000 },
    debug: false,
    logger: () => undefined,
  })
  const connections = (): Connections => {
    const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pool ?? {}
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  }
  return { kysely: orm.em.getKysely(), remembersPlans, connections, close: () => orm.close() }
}

/**
 * Runs `work` in one transaction that names the district, so that row-level security shows its rows and no others.
 * Commits when `work` resolves, rolls back when it rejects.
 */
export const withDistrict = <T>(
  database: Database,
  districtId: string,
  work: (tx: DistrictTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> => run(database, { 'app.district_id': districtId }, options, (tx) => work({ ...tx, districtId }))

/** As `withDistrict`, read only, and all statements see one snapshot: for deciding and reading in more than one statement (law 1). */
export const readDistrict = <T>(database: Database, districtId: string, work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  run(database, { 'app.district_id': districtId }, { isReadOnly: true }, (tx) => work({ ...tx, districtId }))

/** A transaction that names no district: for the roles `auth`, `relay` and `sweeper`, which look before the district is known. */
export const acrossDistricts = <T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> => run(database, {}, {}, work)

/** The text that begins a transaction: its settings end with it. */
const toOpening = (settings: Record<string, string>, isReadOnly: boolean): string =>
  `start transaction${isReadOnly ? ' isolation level repeatable read read only' : ''}; select ${Object.entries(settings)
    .map(([name, value]) => `set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, true)`)
    .join(', ')}`

const inTransaction = new AsyncLocalStorage<true>()

/**
 * A transaction inside another holds two connections of a pool at once: when many do, each waits for the others for ever. So there is none.
 * @throws when a transaction is open here.
 */
const run = async <T>(
  { kysely, remembersPlans }: Database,
  settings: Record<string, string>,
  { transactionTimeoutMs: lifeMs = transactionTimeoutMs, isReadOnly = false }: TransactionOptions & { isReadOnly?: boolean },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  if (inTransaction.getStore()) throw new Error('a transaction is open here: end it before you begin another')
  const opening = toOpening(
    {
      statement_timeout: String(statementTimeoutMs),
      transaction_timeout: String(lifeMs),
      ...(remembersPlans ? { plan_cache_mode: 'force_generic_plan' } : {}),
      ...settings,
    },
    isReadOnly,
  )
  return inChildSpan('postgres transaction', { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } }, () =>
    inTransaction.run(true, () => runTransaction(kysely, { opening, isReadOnly }, (db) => work({ db }))),
  )
}

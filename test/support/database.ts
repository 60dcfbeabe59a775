import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { toRoleName } from '../../db/roles.ts'
import type { DatabaseRole } from '../../db/roles.ts'
import type { DatabaseLogin } from '../../stack/servers/preparePostgres.ts'

type Urls = Record<DatabaseLogin, string>

/** A database of one test file. */
export type TestDatabase = {
  urls: Urls
  /** Opens a pool as a role; `close` closes it. */
  open(role: DatabaseRole, connectionsMax?: number, options?: { remembersPlans: boolean }): Promise<Database>
  /** One superuser connection, which sees and may do everything: to set up, to look, to tamper. */
  superuser: pg.Client
  /** The database itself stays: the search for the canary after the suite reads its files. The next run starts with an empty server. */
  close(): Promise<void>
}

/** The run's: the server may be an older run's. */
const template = `hallpass_test_template_${process.ppid}`

const toUrl = (url: string, database: string): string => {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}

/** Creates an empty, migrated database: a copy of a template that the first test file makes. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const server = inject('stack').postgres.urls
  const name = `hallpass_test_${randomBytes(6).toString('hex')}`
  await copyTemplate(server, name)
  const urls = Object.fromEntries(Object.entries(server).map(([role, url]) => [role, toUrl(url, name)])) as Urls
  const superuser = new pg.Client({ connectionString: urls.superuser })
  await superuser.connect()
  const opened: Database[] = []
  return {
    urls,
    superuser,
    open: async (role, connectionsMax = 5, options = { remembersPlans: false }) => {
      const database = await openDatabase({ url: urls[role], connectionsMax, ...options })
      opened.push(database)
      return database
    },
    close: async () => {
      for (const database of opened) await database.close()
      await superuser.end()
    },
  }
}

/** Test files start at once: an advisory lock lets one make the template, and lets none copy it while another one copies. */
const copyTemplate = (server: Urls, name: string): Promise<unknown> =>
  withSuperuser(server, async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('hallpass test template'))`)
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount === 0) {
      await client.query(`create database ${template} owner ${toRoleName('owner')}`)
      await migrate(toUrl(server.owner, template))
    }
    await client.query(`create database ${name} template ${template} owner ${toRoleName('owner')}`)
  })

const withSuperuser = async <T>(server: Urls, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: toUrl(server.superuser, 'postgres') })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

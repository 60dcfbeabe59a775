import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database, Transaction } from '../../db/openDatabase.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { explaining } from './explain.ts'
import type { FullScan } from './explain.ts'
import { fillMillion, million, toId } from './fillMillion.ts'
import { fragments, namedQueries } from './namedQueries.ts'
import { sql } from 'kysely'

let test: TestDatabase
const pools = new Map<string, Database>()

beforeAll(async () => {
  test = await createTestDatabase()
  await fillMillion(test.superuser)
  for (const role of ['app', 'auth', 'relay', 'sweeper', 'oncall'] as const) pools.set(role, await test.open(role, 1))
}, 300_000)
afterAll(() => test.close())

class Undo extends Error {}

/** Explains and runs as the role that the query is for, then takes everything back. */
const explain = async (
  query: (typeof namedQueries)[string],
): Promise<{ scans: FullScan[]; genericScans: FullScan[]; statements: string[] }> => {
  const database = pools.get(query.as)
  if (!database) throw new Error(`no pool for ${query.as}`)
  const found = { scans: [] as FullScan[], genericScans: [] as FullScan[], statements: [] as string[] }
  const watch = async <T extends Transaction>(tx: T, run: (tx: T) => Promise<unknown>): Promise<never> => {
    const watched = explaining(tx)
    await run(watched.tx)
    Object.assign(found, { scans: watched.scans, genericScans: watched.genericScans, statements: watched.statements })
    throw new Undo()
  }
  const run =
    query.as === 'app' || 'isInDistrict' in query
      ? withDistrict(database, toId('district', million.district), (tx) => watch(tx, query.run))
      : acrossDistricts(database, (tx) => watch(tx, query.run))
  await run.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error
  })
  return found
}

describe('at a million enrollments, under row-level security,', () => {
  it('there is something to look at', async () => {
    const { rows } = await test.superuser.query('select count(*)::int as count from enrollments where until_version is null')
    expect(rows[0].count).toBeGreaterThan(990_000)
  })

  it('every file of db/queries is tried here', () => {
    const files = readdirSync(new URL('../../db/queries', import.meta.url)).map((name) => name.replace('.ts', ''))
    expect([...Object.keys(namedQueries), ...fragments].toSorted()).toEqual(files.toSorted())
  })

  it.each(Object.keys(namedQueries))('%s reads no table from end to end', async (name) => {
    const query = namedQueries[name]
    if (!query) throw new Error(name)
    const { scans, genericScans, statements } = await explain(query)
    expect(statements.length).toBeGreaterThan(0)
    const isOdd = ({ table }: FullScan): boolean => !query.mayScan?.includes(table)
    expect(scans.filter(isOdd)).toEqual([])
    const isPlannedOnce = !('isOfWorker' in query && query.isOfWorker)
    expect(isPlannedOnce ? genericScans.filter(isOdd) : []).toEqual([])
  })

  it('a query that an index cannot serve is found out', async () => {
    const { scans } = await explain({ as: 'app', run: ({ db }) => sql`select id from users where family_name like 'Fam%'`.execute(db) })
    expect(scans.map(({ table }) => table)).toEqual(['users'])
  })
})

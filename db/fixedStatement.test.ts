import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql, type CompiledQuery } from 'kysely'
import { expect, it } from 'vitest'
import { fixedStatement } from './fixedStatement.ts'

/** Runs nothing, and keeps what it was to run. */
const keep = (): { db: Kysely<unknown>; sent: CompiledQuery[] } => {
  const sent: CompiledQuery[] = []
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void sent.push(query),
  })
  return { db, sent }
}

type Values = { userId: string; ids: readonly string[] }

it('sends the same text each time, with the values of that time', async () => {
  const run = fixedStatement(({ userId, ids }: Values) => sql`select ${userId}, ${ids}`)
  const { db, sent } = keep()
  await run(db, { userId: 'one', ids: ['a'] }, {})
  await run(db, { userId: 'two', ids: [] }, {})
  expect(sent.map(({ parameters }) => parameters)).toEqual([
    ['one', ['a']],
    ['two', []],
  ])
  expect(sent[1]?.sql).toBe(sent[0]?.sql)
})

it('sends a value once however often it stands in the text', async () => {
  const run = fixedStatement(({ userId, ids }: Values) => sql`select ${userId}, ${ids}, ${userId}, ${'fixed'}, ${userId}`)
  const { db, sent } = keep()
  await run(db, { userId: 'one', ids: ['a'] }, {})
  expect(sent[0]).toMatchObject({ sql: 'select $1, $2, $1, $3, $1', parameters: ['one', ['a'], 'fixed'] })
})

it('has a text for each shape', async () => {
  const run = fixedStatement(({ userId }: Values, { isFirst }: { isFirst: boolean }) => sql`select ${userId}${isFirst ? sql`` : sql`, 2`}`)
  const { db, sent } = keep()
  for (const isFirst of [true, false, true]) await run(db, { userId: 'one', ids: [] }, { isFirst })
  expect(sent.map((query) => query.sql)).toEqual(['select $1', 'select $1, 2', 'select $1'])
})

it('puts the statement together once', async () => {
  let times = 0
  const run = fixedStatement(({ userId }: Values) => {
    times += 1
    return sql`select ${userId}`
  })
  const { db } = keep()
  for (let n = 0; n < 3; n += 1) await run(db, { userId: 'one', ids: [] }, {})
  expect(times).toBe(1)
})

it.each([
  ['its length', ({ ids }: Values) => sql`select ${ids.length > 0 ? 1 : 2}`],
  ['its parts', ({ ids }: Values) => sql`select ${sql.join([...ids])}`],
  ['its text', ({ userId }: Values) => sql`select ${sql.raw('x'.concat(userId))}`],
])('is not put together when its text would depend on a value: %s', async (_, build) => {
  await expect(fixedStatement(build)(keep().db, { userId: 'one', ids: [] }, {})).rejects.toThrow('may not depend on a value')
})

import { MikroORM } from '@mikro-orm/postgresql'
import { Migrator } from '@mikro-orm/migrations'
import pg from 'pg'
import { applyRoles } from './applyRoles.ts'
import { entities } from './entities.ts'
import { migrations } from './migrations.ts'
import { toConnection } from './toConnection.ts'

/** The ORM as the owner: it can compare the schema and migrate. Foreign keys are the migrations' business (they all include the district). */
export const openAsOwner = (ownerUrl: string): Promise<MikroORM> =>
  MikroORM.init({
    entities,
    ...toConnection(ownerUrl),
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'schema_migrations', snapshot: false, transactional: true, allOrNothing: true },
    schemaGenerator: { createForeignKeyConstraints: false, ignoreSchema: ['support'], skipTables: ['schema_migrations'] },
    debug: false,
    logger: () => undefined,
  })

/**
 * Brings the database to the newest schema and its grants to `roles.ts`, as the owner. Safe to run twice; a second one at the same time
 * waits for the first. The roles must exist (`createRoles`). Answers the names of the migrations applied.
 */
export const migrate = (ownerUrl: string): Promise<string[]> =>
  alone(ownerUrl, async () => {
    const orm = await openAsOwner(ownerUrl)
    try {
      const applied = await orm.migrator.up()
      await orm.em.fork().transactional((em) => applyRoles({ db: em.getKysely() }))
      return applied.map(({ name }) => name)
    } finally {
      await orm.close()
    }
  })

/** Holds an advisory lock on a connection of its own: the migrator has none. */
const alone = async <T>(ownerUrl: string, work: () => Promise<T>): Promise<T> => {
  const { clientUrl, driverOptions } = toConnection(ownerUrl)
  const client = new pg.Client({ connectionString: clientUrl, ...driverOptions })
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('hallpass migrations'))`)
    return await work()
  } finally {
    await client.end()
  }
}

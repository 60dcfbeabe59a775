import pg from 'pg'
import { databaseRoles, toRoleName } from './roles.ts'
import type { DatabaseRole } from './roles.ts'

/**
 * Creates the login roles of a server, or gives those that exist these passwords, and creates `database` owned by the role
 * `owner` unless it exists. `adminUrl` names a superuser and the database to connect to. Passwords come from configuration;
 * none is ever in a migration.
 */
export const createRoles = async (
  adminUrl: string,
  options: { database: string; passwords: Record<DatabaseRole, string> },
): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const role of databaseRoles) await createRole(client, toRoleName(role), options.passwords[role])
    await createDatabase(client, options.database)
  } finally {
    await client.end()
  }
}

const createRole = async (client: pg.Client, name: string, password: string): Promise<void> => {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
  const verb = rowCount === 0 ? 'create' : 'alter'
  const rights = 'login nosuperuser nocreatedb nocreaterole nobypassrls noreplication'
  await client.query(`${verb} role ${client.escapeIdentifier(name)} ${rights} password ${client.escapeLiteral(password)}`)
}

const createDatabase = async (client: pg.Client, database: string): Promise<void> => {
  const name = client.escapeIdentifier(database)
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${name} owner ${toRoleName('owner')} encoding 'UTF8'`)
  const others = databaseRoles.map(toRoleName).join(', ')
  await client.query(`revoke all on database ${name} from public`)
  await client.query(`grant connect on database ${name} to ${others}`)
  // Feeds are staged in tables that nobody else sees and that end with their connection (docs/decisions/staging-in-temporary-tables.md).
  await client.query(`grant temporary on database ${name} to ${toRoleName('app')}`)
}

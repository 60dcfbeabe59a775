import { Client, escapeIdentifier, escapeLiteral } from 'pg'

/** The roles of law 2; what each may do is granted by the migrations, not here. */
export const databaseRoles = ['owner', 'app', 'auth', 'relay', 'sweeper', 'support'] as const
export type DatabaseRole = (typeof databaseRoles)[number]

const database = 'hallpass'

const prepareRole = async (client: Client, role: DatabaseRole, password: string): Promise<void> => {
  const known = await client.query('select 1 from pg_roles where rolname = $1', [role])
  const verb = known.rowCount ? 'alter' : 'create'
  const attributes = 'login nosuperuser nocreatedb nocreaterole nobypassrls'
  await client.query(`${verb} role ${escapeIdentifier(role)} ${attributes} password ${escapeLiteral(password)}`)
}

/**
 * Creates the database and its login roles where they are missing and sets their passwords. Safe to
 * run twice. Answers the connection URL of every role.
 */
export const preparePostgres = async (options: {
  superuser: string
  port: number
  passwords: Record<DatabaseRole | 'superuser', string>
}): Promise<Record<DatabaseRole | 'superuser', string>> => {
  const { port, passwords } = options
  const client = new Client({ connectionString: options.superuser })
  await client.connect()
  try {
    for (const role of databaseRoles) await prepareRole(client, role, passwords[role])
    const known = await client.query('select 1 from pg_database where datname = $1', [database])
    if (!known.rowCount) await client.query(`create database ${database} owner owner`)
    await client.query(`revoke all on database ${database} from public`)
    await client.query(`grant connect on database ${database} to ${databaseRoles.join(', ')}`)
  } finally {
    await client.end()
  }
  const toUrl = (role: DatabaseRole | 'superuser'): string => `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`
  const roles = ['superuser', ...databaseRoles] as const
  return Object.fromEntries(roles.map((role) => [role, toUrl(role)])) as Record<DatabaseRole | 'superuser', string>
}

import { Client } from 'pg'

const role = 'temporal'
const databases = ['temporal', 'temporal_visibility']

/**
 * Temporal's own role and databases on the same Postgres server, closed to every other role, as Hallpass's database is to this one.
 * Its tables are made by Temporal's own tool. Safe to run twice.
 */
export const createTemporalDatabases = async (superuserUrl: string, password: string): Promise<void> => {
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role])
    const rights = 'login nosuperuser nocreatedb nocreaterole nobypassrls noreplication'
    await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${role} ${rights} password ${client.escapeLiteral(password)}`)
    for (const database of databases) {
      const known = await client.query('select 1 from pg_database where datname = $1', [database])
      if (known.rowCount === 0) await client.query(`create database ${database} owner ${role}`)
      await client.query(`revoke all on database ${database} from public`)
    }
  } finally {
    await client.end()
  }
}

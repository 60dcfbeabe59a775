/** Imports `db/roles.ts` and `db/createRoles.ts`: the one place that says which roles there are. */
import { createRoles } from '../../db/createRoles.ts'
import { databaseRoles, toRoleName } from '../../db/roles.ts'
import type { DatabaseRole } from '../../db/roles.ts'

export type DatabaseLogin = DatabaseRole | 'superuser'
export const databaseLogins: readonly DatabaseLogin[] = ['superuser', ...databaseRoles]

/**
 * Creates the database and its roles where they are missing. Safe to run twice. What the roles may
 * do is granted by the migrations. Answers the connection URL of every login.
 */
export const preparePostgres = async (options: {
  port: number
  database: string
  passwords: Record<DatabaseLogin, string>
}): Promise<Record<DatabaseLogin, string>> => {
  const { port, database, passwords } = options
  const toUrl = (login: DatabaseLogin, to: string): string =>
    `postgresql://${login === 'superuser' ? login : toRoleName(login)}:${passwords[login]}@127.0.0.1:${port}/${to}`
  await createRoles(toUrl('superuser', 'postgres'), { database, passwords })
  return Object.fromEntries(databaseLogins.map((login) => [login, toUrl(login, database)])) as Record<DatabaseLogin, string>
}

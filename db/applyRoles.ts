import { sql } from 'kysely'
import type { Transaction } from './openDatabase.ts'
import { internalColumnsOf } from './dataClasses.ts'
import { databaseRoles, grants, schemaGrants, supportTables, toRoleName } from './roles.ts'
import type { LimitedRole } from './roles.ts'
import type { TableGrant } from './tableGrant.ts'

const limitedRoles = databaseRoles.filter((role): role is LimitedRole => role !== 'owner')

/**
 * Brings every grant and the views of support to exactly what `roles.ts` says, as the owner. Runs after each migration,
 * in one transaction: nobody ever sees a half-granted database.
 */
export const applyRoles = async ({ db }: Transaction): Promise<void> => {
  for (const statement of toStatements()) await sql.raw(statement).execute(db)
}

const toStatements = (): string[] => [
  'create schema if not exists support',
  ...['public', 'keys', 'support'].flatMap(revokeAllIn),
  ...supportTables.flatMap(toSupportView),
  ...limitedRoles.flatMap((role) => [
    ...schemaGrants[role].map((schema) => `grant usage on schema ${schema} to ${toRoleName(role)}`),
    ...Object.entries(grants[role]).flatMap(([table, grant]) => toGrants(toRoleName(role), table, grant)),
  ]),
  ...supportTables.map((table) => `grant select on support.${table} to ${toRoleName('support')}`),
]

const revokeAllIn = (schema: string): string[] => {
  const everyone = ['public', ...limitedRoles.map(toRoleName)].join(', ')
  return [`revoke all on all tables in schema ${schema} from ${everyone}`, `revoke all on schema ${schema} from ${everyone}`]
}

/** `security_invoker`: the view adds no right; support's own column grants and the wall between districts still decide. */
const toSupportView = (table: string): string[] => [
  `drop view if exists support.${table}`,
  `create view support.${table} with (security_invoker = true) as select ${internalColumnsOf(table).join(', ')} from public.${table}`,
]

const toGrants = (roleName: string, table: string, grant: TableGrant): string[] => {
  const of = (privilege: 'select' | 'insert' | 'update', columns: 'all' | readonly string[] | undefined): string[] => {
    if (columns === undefined) return []
    return [`grant ${privilege} ${columns === 'all' ? '' : `(${columns.join(', ')})`} on ${table} to ${roleName}`]
  }
  return [
    ...of('select', grant.select),
    ...of('insert', grant.insert),
    ...of('update', grant.update),
    ...(grant.delete ? [`grant delete on ${table} to ${roleName}`] : []),
  ]
}

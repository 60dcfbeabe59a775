import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { columnClasses, internalColumnsOf, redactedNames } from '../../db/dataClasses.ts'
import { entities } from '../../db/entities.ts'
import { migrate, openAsOwner } from '../../db/migrate.ts'
import { databaseRoles, grants, supportTables, toRoleName } from '../../db/roles.ts'
import type { LimitedRole } from '../../db/roles.ts'
import type { TableGrant } from '../../db/tableGrant.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

let test: TestDatabase

beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.close())

const limitedRoles = databaseRoles.filter((role): role is LimitedRole => role !== 'owner')
const rows = async (text: string): Promise<Array<Record<string, string>>> => (await test.superuser.query<Record<string, string>>(text)).rows

/** Everything that the catalog lets anybody but the owner do with a table, one line per column. */
const readCatalog = async (): Promise<string[]> => {
  const columns = await rows(`
    select grantee, case table_schema when 'public' then '' else table_schema || '.' end || table_name as table_name, column_name, privilege_type
    from information_schema.column_privileges
    where table_schema not in ('pg_catalog', 'information_schema') and grantee not in ('${toRoleName('owner')}', current_user)`)
  const tables = await rows(`
    select grantee, case table_schema when 'public' then '' else table_schema || '.' end || table_name as table_name, privilege_type
    from information_schema.table_privileges
    where table_schema not in ('pg_catalog', 'information_schema') and grantee not in ('${toRoleName('owner')}', current_user)
      and privilege_type not in ('SELECT', 'INSERT', 'UPDATE')`)
  return [
    ...columns.map((row) => `${row['grantee']} ${row['privilege_type']} ${row['table_name']}.${row['column_name']}`),
    ...tables.map((row) => `${row['grantee']} ${row['privilege_type']} ${row['table_name']}`),
  ].toSorted()
}

const allColumns = (table: string): string[] => Object.keys(columnClasses[table] ?? {})

const toLines = (role: LimitedRole, table: string, grant: TableGrant): string[] => {
  const of = (privilege: string, columns: 'all' | readonly string[] = []): string[] =>
    (columns === 'all' ? allColumns(table) : columns).map((column) => `${toRoleName(role)} ${privilege} ${table}.${column}`)
  return [
    ...of('SELECT', grant.select),
    ...of('INSERT', grant.insert),
    ...of('UPDATE', grant.update),
    ...(grant.delete ? [`${toRoleName(role)} DELETE ${table}`] : []),
  ]
}

const listed = (): string[] => {
  const ofTables = limitedRoles.flatMap((role) => Object.entries(grants[role]).flatMap(([table, grant]) => toLines(role, table, grant)))
  const ofViews = supportTables.flatMap((table) =>
    internalColumnsOf(table).map((column) => `${toRoleName('support')} SELECT support.${table}.${column}`),
  )
  return [...ofTables, ...ofViews].toSorted()
}

describe('the catalog', () => {
  it('grants exactly what roles.ts lists', async () => {
    expect(await readCatalog()).toEqual(listed())
  })

  it('is brought back to roles.ts by the next migration, whatever was granted by hand', async () => {
    await test.superuser.query(`grant select on messages to ${toRoleName('support')}`)
    await test.superuser.query(`grant delete on audit_entries to ${toRoleName('app')}`)
    expect(await readCatalog()).not.toEqual(listed())
    await migrate(test.urls.owner)
    expect(await readCatalog()).toEqual(listed())
  })

  it('has no role of ours that could get around row-level security', async () => {
    const names = databaseRoles.map((role) => `'${toRoleName(role)}'`).join(', ')
    const found = await rows(
      `select rolname from pg_roles where rolname in (${names}) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
    )
    expect(found).toEqual([])
    const owning = await rows(`
      select c.relname from pg_class c join pg_roles r on r.oid = c.relowner
      where c.relkind in ('r', 'v', 'p') and r.rolname in (${names}) and r.rolname <> '${toRoleName('owner')}'`)
    expect(owning).toEqual([])
  })

  it('forces row-level security on every table, with a policy for the district', async () => {
    const open = await rows(`
      select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('public', 'keys') and c.relname <> 'schema_migrations'
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'own_district'))`)
    expect(open).toEqual([])
  })

  it('has every view ask with the rights of whoever asks', async () => {
    const views = await rows(`
      select n.nspname || '.' || c.relname as view from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and n.nspname in ('public', 'keys', 'support') and not coalesce(c.reloptions @> '{security_invoker=true}', false)`)
    expect(views).toEqual([])
  })

  it('has no function that runs with the rights of its owner', async () => {
    const found = await rows(`
      select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('public', 'keys', 'support') and p.prosecdef`)
    expect(found).toEqual([])
  })

  it('includes the district in every foreign key', async () => {
    const without = await rows(`
      select c.conname from pg_constraint c
      where c.contype = 'f' and not exists (
        select 1 from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k where a.attname = 'district_id')`)
    expect(without).toEqual([])
  })

  it('has a foreign key on every column that names a row of ours', async () => {
    const loose = await rows(`
      select c.table_name || '.' || c.column_name as column from information_schema.columns c
      where c.table_schema in ('public', 'keys') and c.column_name like '%\\_id' and c.data_type = 'uuid'
        and not exists (
          select 1 from information_schema.key_column_usage k
          join information_schema.referential_constraints r on r.constraint_name = k.constraint_name
          where k.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name)
      order by 1`)
    // A key's result may be a message, a channel or an attachment; its holder a person or a machine; a version's cause a sync, an event or a connection; a change's subject any row of the roster; the sync of a pull is named before it is there.
    expect(loose.map((row) => row['column'])).toEqual([
      'events.subject_id',
      'idempotency_keys.result_id',
      'idempotency_keys.user_id',
      'notices.subject_id',
      'roster_changes.subject_id',
      'roster_pulls.sync_id',
      'roster_versions.cause_id',
      'suspensions.subject_id',
    ])
  })

  it('has no native enum, whose operators would switch indexes off under row-level security', async () => {
    expect(await rows(`select typname from pg_type where typtype = 'e'`)).toEqual([])
  })
})

/** What the ORM would change to bring the database to the entities. */
const readDifference = async ({ urls }: TestDatabase = test): Promise<string[]> => {
  const orm = await openAsOwner(urls.owner)
  const difference = (await orm.schema.getUpdateSchemaSQL({ wrap: false })).split('\n').filter((line) => line.trim() !== '')
  await orm.close()
  // Foreign keys and the guards of the audit log are the migrations' alone, each with a test of its own.
  const ofMigrationsOnly =
    /^(alter table \S+ drop constraint "\w+_fkey";|drop (trigger|function) if exists "audit_(entries|batches)_\w+".*;)$/
  return difference.filter((line) => !ofMigrationsOnly.test(line))
}

describe('the entities', () => {
  it('agree with the migrated schema', async () => {
    expect(await readDifference()).toEqual([])
  })

  it.each([
    'alter table users add column nickname text',
    'alter table attachments drop constraint attachments_clean_is_proven',
    'alter table enrollments drop constraint enrollments_role_check',
    'drop index enrollments_of_user',
    'drop policy own_district on messages',
    'alter table messages alter column body drop not null',
  ])('are found to differ after: %s', async (change) => {
    const other = await createTestDatabase()
    await other.superuser.query(change)
    expect(await readDifference(other)).not.toEqual([])
    await other.close()
  })

  it('class every column of every table', async () => {
    const found = await rows(`
      select case table_schema when 'public' then '' else table_schema || '.' end || table_name || '.' || column_name as column
      from information_schema.columns where table_schema in ('public', 'keys') and table_name <> 'schema_migrations' order by 1`)
    const classed = Object.entries(columnClasses).flatMap(([table, columns]) => Object.keys(columns).map((column) => `${table}.${column}`))
    expect(new Set(found.map((row) => row['column']))).toEqual(new Set(classed))
    expect(Object.keys(columnClasses)).toHaveLength(entities.length)
  })

  it('keep what people wrote in sealed columns only', async () => {
    const unsealed = await rows(
      `select table_name || '.' || column_name as column, data_type from information_schema.columns where table_schema = 'public'`,
    )
    const types = new Map(unsealed.map((row) => [row['column'], row['data_type']]))
    const written = Object.entries(columnClasses).flatMap(([table, columns]) =>
      Object.entries(columns).flatMap(([column, dataClass]) => (dataClass === 'ugc' ? [`${table}.${column}`] : [])),
    )
    expect(written).toEqual(['messages.body', 'announcements.body', 'translations.body', 'attachments.file_name'])
    expect(written.map((column) => types.get(column))).toEqual(['bytea', 'bytea', 'bytea', 'bytea'])
  })

  it('name what a log line must not show', () => {
    expect(redactedNames).toEqual(expect.arrayContaining(['body', 'fileName', 'file_name', 'email', 'givenName', 'tokenHash', 'wrapped']))
    expect(redactedNames).not.toContain('districtId')
  })
})

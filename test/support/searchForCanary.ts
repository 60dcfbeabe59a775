/**
 * After the suite: the token that stood in every message, file name and file must be readable nowhere
 * that is kept. Only incoming buckets are left out: they hold uploads as they came, for hours at most,
 * under the store's own encryption (law 10).
 */
import pg from 'pg'
import { toRoleName } from '../../db/roles.ts'
import type { Stack } from '../../stack/startStack.ts'
import { findInFiles, toReadableForms } from './findInFiles.ts'

/** Every database of the server that has our tables. */
const listDatabases = async (superuserUrl: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datallowconn and not datistemplate')
    return rows.map((row) => row.datname)
  } finally {
    await client.end()
  }
}

/** Where the support role can read the token: `schema.table` of every relation that it may select from, under every district. */
const findInSupportSight = async (superuserUrl: string, forms: string[]): Promise<string[]> => {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const districts = await client.query<{ id: string }>(`select id from districts`)
    await client.query(`set role ${toRoleName('support')}`)
    const { rows: relations } = await client.query<{ name: string; columns: string[] }>(`
      select format('%I.%I', n.nspname, c.relname) as name, array_agg(format('%I', a.attname)) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'v', 'm', 'p') and n.nspname in ('public', 'keys', 'support')
        and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
      group by 1`)
    const found: string[] = []
    for (const district of districts.rows) {
      await client.query(`select set_config('app.district_id', $1, false)`, [district.id])
      for (const { name, columns } of relations) {
        const sight = columns.map((column) => `coalesce(${column}::text, '')`).join(` || ' ' || `)
        const { rows } = await client.query(`select 1 from ${name} where ${sight} like any ($1) limit 1`, [
          forms.map((form) => `%${form}%`),
        ])
        if (rows.length > 0) found.push(name)
      }
    }
    return found
  } finally {
    await client.end()
  }
}

const hasOurTables = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ found: boolean }>(`select to_regclass('public.attachments') is not null as found`)
    return rows[0]?.found === true
  } finally {
    await client.end()
  }
}

const findInSupportSightOfAll = async (superuserUrl: string, forms: string[]): Promise<string[]> => {
  const found: string[] = []
  for (const database of await listDatabases(superuserUrl)) {
    const url = new URL(superuserUrl)
    url.pathname = `/${database}`
    if (!(await hasOurTables(url.href))) continue
    found.push(...(await findInSupportSight(url.href, forms)).map((name) => `${database}: ${name}`))
  }
  return found
}

/** @throws naming every place in which the token was found. */
export const searchForCanary = async (
  stack: Pick<Stack, 'folder' | 'postgres' | 's3' | 'mail' | 'pager' | 'sms'>,
  token: string,
): Promise<void> => {
  const forms = toReadableForms(token)
  const has = (text: string): boolean => forms.some((form) => text.includes(form))
  const checkpointed = new pg.Client({ connectionString: stack.postgres.urls.superuser })
  await checkpointed.connect()
  await checkpointed.query('checkpoint')
  await checkpointed.end()

  const files = await findInFiles([stack.folder], token, [stack.s3.buckets.incoming, 'incoming-*'])
  const mails: unknown = await (await fetch(new URL('/api/email', stack.mail.web))).json()
  if (!Array.isArray(mails)) throw new Error('the mail sink did not answer a list: its mails were not searched')
  const places = [
    ...files,
    ...(await findInSupportSightOfAll(stack.postgres.urls.superuser, forms)).map((name) => `the support role in ${name}`),
    ...(has(JSON.stringify(mails)) ? ['an e-mail'] : []),
    ...(has(JSON.stringify(stack.sms.messages())) ? ['a text message'] : []),
    ...(has(JSON.stringify(stack.pager.alerts())) ? ['an alert'] : []),
  ]
  if (places.length > 0) throw new Error(`user content is readable in:\n  ${places.join('\n  ')}`)
}

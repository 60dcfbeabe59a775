import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { grants } from './roles.ts'

const statements = globSync('{db,db/queries,db/roster,db/roster/*}/*.ts', { exclude: (name) => name.endsWith('.test.ts') })
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** Tables that are inserted into or, where the row exists, updated. */
const upserted = new Set([
  'roster_sources',
  'school_year_ends',
  'roster_watermarks',
  'channels',
  'read_marks',
  'section_boards',
  'announcement_reads',
  'user_upload_usage',
  'user_translation_usage',
  'district_upload_usage',
  'open_alerts',
  'last_successes',
  'nudge_counts',
  'notice_batches',
  'notice_settings',
  'translations',
])

/** What stands between `set` and `where` in every statement that updates the table. */
const settingsOf = (table: string): string =>
  [...statements.matchAll(new RegExp(`update ${table.replace('.', '\\.')}(?: [a-z]+)?\\s+set\\s([\\s\\S]*?)\\s(?:where|from)\\s`, 'g'))]
    .concat(upserted.has(table) ? [...statements.matchAll(/do update set\s([^`]*)/g)] : [])
    .map(([, settings]) => settings)
    .join('\n')

it.each(['app', 'oncall'] as const)('lets %s change and delete nothing that none of our statements changes or deletes', (role) => {
  const unused = Object.entries(grants[role]).flatMap(([table, { update = [], delete: mayDelete }]) => [
    ...update.filter((column) => !new RegExp(`\\b${column} = `).test(settingsOf(table))).map((column) => `${table}.${column}`),
    ...(mayDelete && !statements.includes(`delete from ${table}`) ? [`delete ${table}`] : []),
  ])
  expect(unused).toEqual([])
})

it('lets the application give nobody a permission, and only ever end one', () => {
  expect(grants.app['grants']).toEqual({ select: 'all', update: ['ends'] })
})

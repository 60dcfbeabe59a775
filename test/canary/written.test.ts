/**
 * Everything into which somebody can write words holds a token, and everything that goes somewhere is searched for it, under the real processes: logs, metrics, mails,
 * alerts, what Temporal keeps, opened as an engineer may open it, what open clients are sent, what refusals say, and the database row by row. Each place is known to have been searched by
 * something that belongs there. The search after the suite (`searchForCanary.ts`) reads the servers' files besides.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { followReportId, scanAttachmentId } from '../../workflows/contract.ts'
import { findInFiles, toReadableForms } from '../support/findInFiles.ts'
import { revealHistories } from '../support/revealHistories.ts'
import { alertsIn, mailsIn, mailsTo } from '../support/sinks.ts'
import { writeEverything, type Traces } from './writeEverything.ts'
import { openWrittenWorld, type WrittenWorld } from './writtenWorld.ts'

const content = inject('canary')
const words = `canary${randomBytes(12).toString('hex')}`
/** Of a child. Letters alone, as in names, and in no dictionary. */
const childName = `Qu${Array.from(randomBytes(20), (byte) => String.fromCodePoint(97 + (byte % 26))).join('')}`

let its: WrittenWorld
let traces: Traces
let sinks: Record<string, { text: string; holds: string[] }>

beforeAll(async () => {
  its = await openWrittenWorld()
  traces = await writeEverything(its, { content, words, name: childName })
  await untilEverybodyIsTold()
  sinks = await readSinks()
}, 240_000)
afterAll(() => its?.close())

const untilEverybodyIsTold = async (): Promise<void> => {
  const { world, people } = its
  const runOf = (workflowId: string) => world.adapters.client.workflow.getHandle(workflowId)
  await runOf(scanAttachmentId(traces.infectedId, 1)).result()
  await vi.waitFor(
    async () => {
      expect((await mailsTo(world.channel.teacherEmail)).length).toBeGreaterThanOrEqual(2)
      // Of the report and of the concern.
      expect((await mailsTo(people.safety.email)).length).toBeGreaterThanOrEqual(2)
      expect(JSON.stringify(await alertsIn())).toContain(traces.infectedId)
      expect(its.streamed()).toContain(traces.announcementId)
      const { rows } = await world.database.superuser.query('select scope_root is not null as "isThere" from announcements')
      expect(rows).toEqual([{ isThere: true }])
    },
    { timeout: 60_000, interval: 200 },
  )
}

const readSinks = async (): Promise<typeof sinks> => {
  const { world, people } = its
  const metrics = await its.readMetrics()
  const { histories, searchAttributes } = await revealHistories(world.adapters)
  const logs = await its.endWithLogs()
  return {
    'the API’s log': { text: logs.api, holds: [people.student.id] },
    'the worker’s log': { text: logs.worker, holds: ['"component":"worker"'] },
    'the API’s metrics': { text: metrics.api, holds: ['/v1/channels/:id/messages'] },
    'the worker’s metrics': { text: metrics.worker, holds: ['temporal_'] },
    mails: { text: JSON.stringify(await mailsIn()), holds: [people.safety.email] },
    alerts: { text: JSON.stringify(await alertsIn()), holds: [traces.infectedId, 'InvalidRequestException'] },
    'histories, opened': {
      text: histories,
      holds: [`"reportId":"${traces.reportId}"`, 'writeTranslation', 'InvalidRequestException', 'SyntaxError'],
    },
    'search attributes': { text: searchAttributes, holds: [followReportId(traces.reportId, 1), 'translate-message:'] },
    'event streams': { text: its.streamed(), holds: [traces.messageId, 'message.translated'] },
    refusals: { text: its.refusals.join('\n'), holds: ['invalid-input'] },
  }
}

const has = (text: string, token: string): boolean => toReadableForms(token).some((form) => text.includes(form))
const findIn = (token: string): string[] => Object.entries(sinks).flatMap(([sink, { text }]) => (has(text, token) ? [sink] : []))

test('each place was searched: it holds what belongs there', () => {
  const missing = Object.entries(sinks).flatMap(([sink, { text, holds }]) =>
    holds.flatMap((one) => (text.includes(one) ? [] : [`${one} in ${sink}`])),
  )
  expect(missing).toEqual([])
})

test('what people write to each other is readable in no log, metric, mail, alert, history, stream or refusal', () => {
  expect(findIn(content)).toEqual([])
})

test('neither is what the district’s staff writes', async () => {
  expect(findIn(words)).toEqual([])
  expect(await findInFiles([join(inject('stack').folder, 'logs')], words)).toEqual([])
})

test('a translation is the text in another language, with what people wrote in it, and neither is readable in any of them', () => {
  const { text, sourceLanguage, lost } = traces.translation
  expect({ sourceLanguage, lost }).toEqual({ sourceLanguage: 'en', lost: [] })
  for (const part of [content, childName, 'escuela']) expect(text).toContain(part)
  const readable = Object.entries(sinks).flatMap(([sink, { text: kept }]) => (/a la escuela|to the school/.test(kept) ? [sink] : []))
  expect(readable).toEqual([])
})

test('the name of a child is in no log, metric, mail, alert, history, stream or refusal, and goes to no translator', () => {
  expect(findIn(childName)).toEqual([])
  const sent = JSON.stringify(its.translator.requests())
  expect(sent).toContain('brings the book to the school')
  expect(has(sent, childName)).toBe(false)
})

/** `table.column` of everything that holds the token, readable. */
const findInDatabase = async (token: string): Promise<string[]> => {
  const { superuser } = its.world.database
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const found = new Set<string>()
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${name} t`)
    for (const { row } of rows)
      for (const [column, value] of Object.entries(row)) if (has(JSON.stringify(value), token)) found.add(`${name}.${column}`)
  }
  return [...found].toSorted()
}

test('in the database what people write to each other is readable nowhere, and what the staff writes where it belongs', async () => {
  expect(await findInDatabase(content)).toEqual([])
  expect(await findInDatabase(childName)).toEqual(['public.users.given_name'])
  expect(await findInDatabase(words)).toEqual([
    'public.api_clients.name',
    'public.audit_entries.reason',
    'public.audits.reason',
    'public.district_words.term',
    'public.report_acts.note',
    'public.terms_of_use.text',
  ])
})

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { findBinary } from '../../stack/binaries/findBinary.ts'
import { decideRemovalId, scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { oncallEnvironment } from '../support/runOncall.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'

const folder = new URL('../../docs/runbooks/', import.meta.url)
const pages = readdirSync(folder).filter((page) => page !== 'README.md')
const commandsOf = (page: string): string[] =>
  [...readFileSync(new URL(page, folder), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.trim() !== ''),
  )
const commands = [...new Set(pages.flatMap(commandsOf))].toSorted()

/** What each kind of command has to print. */
const expected: readonly [RegExp, RegExp][] = [
  [/8081\/readyz/, /"scanner":true/],
  [/8080\/readyz/, /"status":"ready"/],
  [/telnet:\/\/127/, /ClamAV \d/],
  [/scans show/, /quarantined/],
  [/scans list/, /\S/],
  [/scans replay/, /\S/],
  [/roster list/, /\S/],
  [/roster show/, /fault_?[cC]ode/],
  [/roster retry/, /^(WOULD|DONE) /],
  [/roster discard/, /^(NOW|DONE) /],
  [/temporal workflow describe/, /decideRemoval/],
  [/district -- grants/, /\S/],
  [/district -- grant /, /may administer/],
  [/translations (list|replay)/, /\S/],
  [/outbox/, /\S/],
  [/history/, /inspectObject/],
  [/hashes lift/, /\S/],
  [/hashes list/, /\S/],
  [/temporal workflow list/, /^/],
  [/temporal schedule trigger/, /^/],
]

let world: AttachmentWorld
let api: ApiProcess
let worker: WorkerProcess
/** What stands on the pages, and what stands for it here. */
let replacements: readonly [string, string][]
let environment: Record<string, string>

beforeAll(async () => {
  world = await createAttachmentWorld({}, { hasOwnNamespace: true })
  api = startApiProcess(world)
  worker = startWorkerProcess({ ...world.environment, WORKER_HEALTH_PORT: '0', API_URL: await api.url, SYNTHETIC_INTERVAL_SECONDS: '3600' })
  const health = await worker.health
  await vi.waitUntil(async () => (await fetch(`${health}/readyz`)).ok, { timeout: 60_000, interval: 200 })
  const attachment = await world.send(makeEicar(), 'text/plain')
  await world.scanOutcome(attachment)
  const { sha256 } = await world.row(attachment)
  const { clamd, temporal } = inject('stack')
  const held = await addSync('partly-applied', 'waiting')
  await world.adapters.client.workflow.start('decideRemoval', { workflowId: decideRemovalId(held), taskQueue: 'nobody', args: [{}] })
  replacements = [
    ['npm run oncall --', `'${process.execPath}' oncall/oncallMain.ts`],
    ['npm run district --', `'${process.execPath}' deploy/districtMain.ts`],
    ['<id>', world.channel.districtId],
    ["<their id in the district's system>", world.channel.teacherId],
    ['http://127.0.0.1:8081', health],
    ['http://127.0.0.1:8080', await api.url],
    ['127.0.0.1:3310', `${clamd.host}:${clamd.port}`],
    ['<attachment>', attachment],
    ['<run>', scanAttachmentId(attachment, 1)],
    ['<sync>', await addSync('failed', null)],
    ['<held>', held],
    ['<sha256>', sha256?.toString('hex') ?? ''],
  ]
  const binary = await findBinary('temporal', () => undefined)
  environment = {
    ...oncallEnvironment(world),
    DATABASE_URL_OWNER: world.database.urls.owner,
    DATABASE_URL_SWEEPER: world.database.urls.sweeper,
    PATH: `${dirname(binary)}:${process.env['PATH'] ?? ''}`,
    // Temporal's command looks for settings there, and none are.
    HOME: world.environment['KEY_FILE'] ?? '',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: world.config.temporal.namespace,
  }
}, 180_000)
afterAll(async () => {
  await worker?.kill('SIGTERM')
  await api?.kill('SIGTERM')
  await world?.close()
})

/** A sync as it stands when an alert leads somebody to it. */
const addSync = async (state: string, removals: string | null): Promise<string> => {
  const id = newId()
  await world.database.superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, object_key, object_version_id, author_kind, author, queued_at, ended_at, fault_code, removals)
     values ($1, $2, 'upload', $3, 'gone', 'v', 'client', 'c', now(), now(), 'SyncKeepsBreaking', $4)`,
    [world.channel.districtId, id, state, removals],
  )
  return id
}

const run = (command: string): Promise<{ code: number | string | null; output: string }> =>
  new Promise((resolve) => {
    const shell = execFile('sh', ['-c', command], { env: environment, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), output: stdout + stderr }),
    )
    shell.stdin?.end()
  })

describe('the runbooks', () => {
  test('name no command that this file does not know', () => {
    expect(commands.length).toBeGreaterThan(20)
    expect(commands.filter((command) => !expected.some(([kind]) => kind.test(command)))).toEqual([])
  })

  test.each(commands)('%s', async (command) => {
    const line = replacements.reduce((text, [from, to]) => text.replaceAll(from, to), command)
    expect(line).not.toMatch(/<\w+>/)
    const { code, output } = await run(line)
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(expected.find(([kind]) => kind.test(command))?.[1] ?? /never/),
    })
  })
})

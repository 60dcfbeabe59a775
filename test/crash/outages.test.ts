/**
 * Takes servers away while people send: by `kill -9`, and each is started again, as a machine does that is lost and comes back; and by SIGSTOP and SIGCONT, which leaves
 * its connections open and answers nothing. On servers of this file's own. In the whole suite they are away for seconds, one after the other under the
 * same uploads; `npm run outages` takes each away for 20 s, under 200 uploads of its own.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { countHalfDone } from './countHalfDone.ts'
import { openOutageStack, type OutageStack } from './outageStack.ts'
import { createPatientClient } from './patientClient.ts'
import { repair } from './repair.ts'
import { signalTree } from './signalTree.ts'

const isFull = process.env.OUTAGES === 'full'
const size = isFull
  ? { uploads: 200, awayMs: 20_000, delayedSeconds: 8, pauseMs: 0 }
  : { uploads: 40, awayMs: 3_000, delayedSeconds: 2, pauseMs: 500 }
/** Between two outages under the same uploads. */
const betweenMs = 1_000
const atOnce = 10
const infectedEvery = 5
const patienceMs = 300_000
/** Servers, API and worker start, on a machine that may be busy. */
const openingMs = 600_000

const environment = {
  SWEEP_INTERVAL_SECONDS: '1',
  SCAN_ROUND_WAIT_SECONDS: '1',
  // Each infected file is told for itself.
  MALWARE_BURST_COUNT: '1000000',
  SCAN_DELAYED_AFTER_SECONDS: String(size.delayedSeconds),
}

let outage: OutageStack
beforeAll(async () => {
  outage = await openOutageStack('.stack/outage', environment)
  const client = await outage.superuser()
  await client.query(
    'update districts set district_uploads_in_flight = 20000, person_uploads_in_flight = 1000, person_files_per_day = 10000',
  )
  await client.end()
}, openingMs)
afterAll(() => outage?.close(), openingMs)

type Sent = { id: string; isInfected: boolean }

type Outage = { server: 'temporal' | 'postgres' | 'versitygw' | 'clamd'; how: 'killed' | 'hung' }

const outages: readonly Outage[] = [
  { server: 'temporal', how: 'killed' },
  { server: 'postgres', how: 'killed' },
  { server: 'versitygw', how: 'killed' },
  { server: 'clamd', how: 'killed' },
  { server: 'postgres', how: 'hung' },
  { server: 'versitygw', how: 'hung' },
  { server: 'clamd', how: 'hung' },
]

/** Without its scanner everything waits for longer than is allowed, and somebody is paged for it before the scanner is back; without another server, uploads wait that were not taken yet. */
const untilSuffered = async (server: Outage['server'], from: number): Promise<void> => {
  await wait(size.awayMs)
  if (server !== 'clamd') return
  await vi.waitFor(() => expect(incidentsOf('attachments-delayed', from).begun).toBeGreaterThan(0), { timeout: 60_000, interval: 200 })
}

const suffer = async ({ server, how }: Outage, from: number): Promise<void> => {
  const { supervisor } = outage.stack
  if (how === 'killed') {
    await supervisor.crash(server)
    await untilSuffered(server, from)
    await supervisor.startAgain(server)
    return
  }
  signalTree(supervisor.pidOf(server), 'SIGSTOP')
  await untilSuffered(server, from)
  signalTree(supervisor.pidOf(server), 'SIGCONT')
}

/** Sends everything, a few at a time, and takes the servers away in the middle of it: there are people who send until the last one is back. */
const sendThrough = async (
  suffered: readonly Outage[],
  from: number,
): Promise<{ sent: Sent[]; wrong: readonly string[]; answers: string }> => {
  const { apps, token, channel } = outage
  const client = createPatientClient(apps.api.url, token, channel.channelId)
  const sent: Sent[] = []
  let next = 0
  const suffering = { isOver: false }
  const underWay = Promise.withResolvers<void>()
  const send = async (): Promise<void> => {
    while (next < size.uploads || !suffering.isOver) {
      next += 1
      const isInfected = next % infectedEvery === 0
      const content = isInfected ? makeEicar() : Buffer.from(`harmless ${randomBytes(20_000).toString('hex')}`)
      sent.push({ id: await client.send(content, 'text/plain'), isInfected })
      if (sent.length >= size.uploads / 10) underWay.resolve()
      await wait(size.pauseMs)
    }
  }
  const sending = Promise.all(Array.from({ length: atOnce }, send))
  await underWay.promise
  for (const one of suffered) {
    await suffer(one, from)
    await wait(betweenMs)
  }
  suffering.isOver = true
  await sending
  return { sent, wrong: client.wrong, answers: JSON.stringify(Object.fromEntries(client.answers)) }
}

const untilEnded = async (sent: readonly Sent[]): Promise<void> => {
  await vi.waitFor(
    async () => {
      const client = await outage.superuser()
      const { rows } = await client.query<{ id: string; state: string }>('select id, state from attachments where id = any($1)', [
        sent.map(({ id }) => id),
      ])
      await client.end()
      const states = new Map(rows.map(({ id, state }) => [id, state]))
      const wrong = sent.filter(({ id, isInfected }) => states.get(id) !== (isInfected ? 'quarantined' : 'clean'))
      // Not the ids: what it says is read when it fails.
      expect(wrong.map(({ id, isInfected }) => `${isInfected ? 'infected' : 'harmless'} is ${states.get(id) ?? 'gone'}`)).toEqual([])
    },
    { timeout: patienceMs, interval: 1_000 },
  )
}

const without = (keys: readonly string[], known: readonly string[]): string[] => keys.filter((key) => !known.includes(key))

/** What lies anywhere, against what the rows say. */
const findOrphans = async (): Promise<Record<string, unknown>> => {
  const { adapters, config } = await outage.openRepair()
  const client = await outage.superuser()
  try {
    await repair({ adapters, config })
    const keysIn = async (role: 'incoming' | 'clean' | 'quarantine'): Promise<string[]> => {
      const keys: string[] = []
      for await (const { key } of adapters[role].allVersions()) keys.push(key)
      return keys.toSorted()
    }
    const column = async (statement: string): Promise<string[]> =>
      (await client.query<{ key: string }>(statement)).rows.map(({ key }) => key).toSorted()
    const clean = await column('select clean_key as key from attachments where clean_key is not null')
    const quarantine = await column('select quarantine_key as key from attachments where quarantine_key is not null')
    const inClean = await keysIn('clean')
    const inQuarantine = await keysIn('quarantine')
    return {
      incoming: await keysIn('incoming'),
      strayInClean: without(inClean, clean),
      missingInClean: without(clean, inClean),
      strayInQuarantine: without(inQuarantine, quarantine),
      missingInQuarantine: without(quarantine, inQuarantine),
      strayKeys: without(await column('select object_key as key from keys.object_keys'), [...clean, ...quarantine]),
      waiting: await column(`select workflow_id as key from outbox where started_at is null`),
      halfDone: await countHalfDone(outage.stack.s3, Object.values(outage.stack.s3.buckets)),
    }
  } finally {
    await client.end()
    await adapters.close()
  }
}

const nothing = {
  incoming: [],
  strayInClean: [],
  missingInClean: [],
  strayInQuarantine: [],
  missingInQuarantine: [],
  strayKeys: [],
  waiting: [],
  halfDone: 0,
}

/** How often an alert that ends by itself began, and whether it stands. */
const incidentsOf = (dedupKey: string, from: number): { begun: number; stands: boolean } => {
  let begun = 0
  let stands = false
  for (const { event } of outage.stack.pager.alerts().slice(from)) {
    if (event.dedup_key !== dedupKey) continue
    if (event.event_action === 'trigger' && !stands) begun += 1
    stands = event.event_action === 'trigger'
  }
  return { begun, stands }
}

const rounds = (isFull ? outages.map((one) => [one]) : [outages]).map((suffered) => ({
  suffered,
  names: suffered.map(({ server, how }) => `${server} (${how})`).join(', '),
}))

test.each(rounds)(
  '$names goes away and comes back: whatever the API took comes to its right end, once, and the API never answers anything but yes or when to come again',
  { timeout: 600_000 },
  async ({ suffered, names }) => {
    const from = outage.stack.pager.alerts().length
    const { sent, wrong, answers } = await sendThrough(suffered, from)
    if (isFull) process.stdout.write(`${names}: answers ${answers}\n`)
    await untilEnded(sent)
    expect(wrong).toEqual([])
    expect(sent.length).toBeGreaterThanOrEqual(size.uploads)
    for (const { id, isInfected } of sent) {
      const keys = outage.stack.pager
        .alerts()
        .slice(from)
        .map(({ event }) => event.dedup_key)
      expect(new Set(keys.filter((key) => key.includes(id)))).toEqual(new Set(isInfected ? [`attachment-infected:${id}`] : []))
    }
    await vi.waitFor(() => expect(incidentsOf('attachments-delayed', from).stands).toBe(false), { timeout: 60_000, interval: 500 })
    expect(incidentsOf('attachments-delayed', from).begun).toBeLessThanOrEqual(suffered.length)
    expect(await findOrphans()).toEqual(nothing)
  },
)

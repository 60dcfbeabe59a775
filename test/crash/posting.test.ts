/**
 * People write, hide and take back while API, worker, Postgres and Temporal die by `kill -9` at seeded moments and are started again. Their clients send again what
 * was not answered, with the id that they made for it, and come back to their stream with the last id that it said. `npm test` runs a few seeds, which it prints;
 * `npm run outages` many; `POSTING_SEED=n` one of them once more.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import { mailsTo } from '../support/sinks.ts'
import { toReadableForms } from '../support/findInFiles.ts'
import { revealHistories } from '../support/revealHistories.ts'
import { searchForCanary } from '../support/searchForCanary.ts'
import { createMortality, type Mortality } from './killAndRevive.ts'
import { openEar, type Ear } from './openEar.ts'
import { openOutageStack, type OutageStack } from './outageStack.ts'
import { mortals, planDeaths } from './postingPlan.ts'
import { findForgottenRuns, findMisplaced, findUnheard } from './postingSettled.ts'
import { createSightings, createTenaciousCaller } from './tenaciousCaller.ts'
import { signalAll, signalTree } from './signalTree.ts'
import { writeLine, writeUntil, type Writers, type Written } from './writers.ts'

const isFull = process.env.OUTAGES === 'full'
const given = process.env.POSTING_SEED
const seeds = given === undefined ? Array.from({ length: isFull ? 25 : 2 }, () => randomInt(2 ** 31)) : [Number(given)]

/** While servers are away little is written: then people go on when all are back. */
const writtenLeast = 20

const openingMs = 600_000
const patienceMs = 90_000
const canary = `canary${randomBytes(12).toString('hex')}`

let outage: OutageStack
let mortality: Mortality
let writers: Writers
let ears: { teacher: Ear; student: Ear }
const sightings = createSightings()
const written: Written[] = []

beforeAll(async () => {
  outage = await openOutageStack('.stack/posting', { NOTIFY_AFTER_SECONDS: '1', NOTIFY_AGAIN_AFTER_SECONDS: '1' })
  const { apps, channel, token, studentToken } = outage
  mortality = createMortality(outage.stack, isTemporalAlive)
  // By day and by night alike.
  await asSuperuser((client) => client.query('update districts set quiet_from = 0, quiet_until = 0'))
  const teacher = createTenaciousCaller(apps.api.url, token, sightings)
  const student = createTenaciousCaller(apps.api.url, studentToken, sightings)
  const { items } = await teacher.ask<{ items: { id: string }[] }>('GET', '/v1/sections')
  writers = { teacher, student, channelId: channel.channelId, sectionId: items[0]?.id ?? '', canary }
  ears = { teacher: await openEar(apps.api.url, token), student: await openEar(apps.api.url, studentToken) }
}, openingMs)
afterAll(async () => {
  await Promise.all([mortality?.close(), ...Object.values(ears ?? {}).map((ear) => ear.close())])
  await outage?.close()
}, openingMs)

const asSuperuser = async <T>(work: (client: Awaited<ReturnType<OutageStack['superuser']>>) => Promise<T>): Promise<T> => {
  const client = await outage.superuser()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const isTemporalAlive = async (): Promise<boolean> => {
  const { address, namespace } = outage.stack.temporal
  const connection = await Connection.connect({ address, connectTimeout: 1_000 }).catch(() => null)
  const described = await connection
    ?.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }))
    .catch(() => null)
  await connection?.close()
  return described !== undefined && described !== null
}

/** One after the other by what is sent meanwhile, whether the last one is back or not. Resolves when everything that answers is: the worker may come back while others die again. */
const suffer = async (seed: number): Promise<void> => {
  for (const { of, afterRequests, downMs } of planDeaths(seed)) {
    await sightings.untilSent(afterRequests)
    await mortality.die(of, downMs)
  }
  await mortality.untilBack(mortals.filter((one) => one !== 'worker'))
}

const places = () => ({ teacherId: outage.channel.teacherId, studentId: outage.channel.studentId })

const withTemporal = async (check: (client: Awaited<ReturnType<OutageStack['openRepair']>>['adapters']['client']) => Promise<void>) => {
  const { adapters } = await outage.openRepair()
  try {
    await check(adapters.client)
  } finally {
    await adapters.close()
  }
}

test.each(seeds)(
  'seed %i: what was acknowledged is there once and in its order, made one notice, is told once to every open client, and each run that it asked for is seen to',
  { timeout: 300_000, retry: 0 },
  async (seed) => {
    const state = { isOver: false }
    const suffering = suffer(seed).finally(() => Object.assign(state, { isOver: true }))
    written.push(...(await writeUntil(writers, { isOver: () => state.isOver, atLeast: writtenLeast })))
    await suffering
    expect(sightings.wrong).toEqual([])
    expect(await asSuperuser((client) => findMisplaced(client, written, places()))).toEqual([])
    const unheard = () => (['teacher', 'student'] as const).flatMap((person) => findUnheard(written, person, ears[person]))
    await vi.waitFor(() => expect(unheard()).toEqual([]), { timeout: patienceMs, interval: 100 })
    expect([...ears.teacher.wrong, ...ears.student.wrong]).toEqual([])
    await withTemporal(async (temporal) => expect(await asSuperuser((client) => findForgottenRuns(client, temporal))).toEqual([]))
    const counts = { written: written.length, requests: sightings.requests, cuts: [ears.teacher.cuts(), ears.student.cuts()] }
    process.stdout.write(`posting, seed ${seed}: ${JSON.stringify({ deaths: planDeaths(seed).map(({ of }) => of), ...counts })}\n`)
  },
)

/** The teacher posts one message more. */
const writeOne = async (): Promise<Written> => {
  const one = await writeLine(writers, 0)
  written.push(one)
  return one
}

/** What brings to the disk what no commit brings there. */
const writersToDisk = ['walwriter', 'background writer', 'checkpointer']

/** Begins a transaction and rolls it back, while nothing brings that to the disk. Answers its number. */
const rollBackUnseen = (): Promise<number> =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where backend_type = any($1)', [writersToDisk])
    signalAll(
      rows.map(({ pid }) => pid),
      'SIGSTOP',
    )
    await client.query('begin')
    const { rows: numbers } = await client.query<{ xact: string }>('select pg_current_xact_id()::text as xact')
    await client.query('rollback')
    return Number(numbers[0]?.xact)
  })

const xactOf = (id: string): Promise<number> =>
  asSuperuser(async (client) => {
    const { rows } = await client.query<{ xact: string }>(`select xact from events where kind = 'message.posted' and subject_id = $1`, [id])
    return Number(rows[0]?.xact)
  })

/** Longer than an open client’s process waits between two looks. */
const lookMs = 600

test(
  'an open client hears of what is written under a number that Postgres gives out twice: before it died, to what was rolled back',
  { retry: 0 },
  async () => {
    const { supervisor } = outage.stack
    let givenTwice = 0
    for (let round = 0; round < 5 && givenTwice === 0; round += 1) {
      await writeOne()
      // Whatever it commits would bring the number to the disk.
      signalTree(supervisor.pidOf('worker'), 'SIGSTOP')
      const rolledBack = await rollBackUnseen()
      await wait(lookMs)
      await mortality.die('postgres', 0)
      await mortality.untilBack(['postgres'])
      const one = await writeOne()
      signalTree(supervisor.pidOf('worker'), 'SIGCONT')
      if ((await xactOf(one.id)) === rolledBack) givenTwice += 1
      await vi.waitFor(() => expect(findUnheard([one], 'student', ears.student)).toEqual([]), { timeout: patienceMs, interval: 50 })
    }
    expect(givenTwice).toBeGreaterThan(0)
  },
)

type Page<Item> = { items: Item[]; before: string | null }

/** Every page, from the newest on. */
const readAll = async <Item>(person: 'teacher' | 'student', path: string): Promise<Item[]> => {
  const items: Item[] = []
  let before: string | null = null
  do {
    const at: string = before === null ? '' : `&before=${encodeURIComponent(before)}`
    const page: Page<Item> = await writers[person].ask<Page<Item>>('GET', `${path}?limit=100${at}`)
    items.push(...page.items)
    before = page.before
  } while (before !== null)
  return items
}

/** What this person is shown of it: its text; null where they are told that they took it back; nothing where it is gone. */
const toShown = ({ id, by, state, text }: Written, person: 'teacher' | 'student'): [string, string | null][] => {
  if (state === 'withdrawn') return by === person ? [[id, null]] : []
  return state === 'shown' || person === 'teacher' ? [[id, text]] : []
}

const sort = (shown: readonly [string, string | null][]) => shown.toSorted(([one], [other]) => (one < other ? -1 : 1))

test.each(['teacher', 'student'] as const)(
  'afterwards the %s is shown all of it once, with its words, and of what was hidden or taken back what is theirs to see',
  async (person) => {
    const messages = await readAll<MessageView>(person, `/v1/channels/${writers.channelId}/messages`)
    const announcements = await readAll<AnnouncementView>(person, '/v1/announcements')
    expect(sort([...messages, ...announcements].map(({ id, text }) => [id, text]))).toEqual(
      sort(written.flatMap((one) => toShown(one, person))),
    )
    expect(written.length).toBeGreaterThan(writtenLeast * seeds.length)
  },
)

test('no server’s files, no log of a process that lived or died, no mail, and no history, opened, holds a word of it', async () => {
  await expect(searchForCanary(outage.stack, canary)).resolves.toBeUndefined()
  const { adapters } = await outage.openRepair()
  // The relay may still be handing over who is to be notified.
  const { histories, searchAttributes } = await vi.waitFor(
    async () => {
      const revealed = await revealHistories(adapters)
      expect(revealed.histories.includes(outage.channel.studentId)).toBe(true)
      return revealed
    },
    { timeout: patienceMs, interval: 1_000 },
  )
  await adapters.close()
  expect(toReadableForms(canary).filter((form) => `${histories}${searchAttributes}`.includes(form))).toEqual([])
})

const countOpen = (client: Awaited<ReturnType<OutageStack['superuser']>>) =>
  client
    .query<{ open: number; waiting: number }>(
      `select (select count(*)::int from notice_batches where is_open) as open, (select count(*)::int from outbox where started_at is null) as waiting`,
    )
    .then(({ rows }) => rows[0])

const untilRead = async (): Promise<void> => {
  await vi.waitFor(async () => expect((await mailsTo(outage.channel.teacherEmail, outage.stack.mail.web)).length).toBeGreaterThan(0), {
    timeout: 200_000,
    interval: 500,
  })
  for (const person of ['teacher', 'student'] as const)
    await writers[person].ask('PUT', `/v1/channels/${writers.channelId}/read-mark`, { seq: 1_000_000 })
}

// A run whose worker died goes on when its activity's time is up: minutes later at the worst.
if (isFull)
  test('whoever was away is mailed, and when all is read every run ends', { timeout: 400_000 }, async () => {
    await untilRead()
    await vi.waitFor(async () => expect(await asSuperuser(countOpen)).toEqual({ open: 0, waiting: 0 }), { timeout: 200_000, interval: 500 })
  })

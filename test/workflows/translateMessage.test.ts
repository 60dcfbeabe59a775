import { randomUUID } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFollowAlert } from '../../activities/followAlert.ts'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { hideMessage, unhideMessage } from '../../db/queries/hideMessage.ts'
import { withdrawMessage } from '../../db/queries/withdrawMessage.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { requireTranslation } from '../support/requireTranslation.ts'
import { present } from '../support/present.ts'
import { actionsOn, alertsIn, mailsTo } from '../support/sinks.ts'
import { startTranslationGate, type TranslationGate } from '../support/startTranslationGate.ts'
import { createTranslationActs, testTranslationPace } from '../support/translationActs.ts'

let world: AttachmentWorld
let gate: TranslationGate
let acts: ReturnType<typeof createTranslationActs>

beforeAll(async () => {
  gate = await startTranslationGate(requireTranslation())
  const translation = { region: 'us-east-1', endpoint: gate.endpoint, provider: 'Apertium' }
  world = await createAttachmentWorld({ translation, translationPace: { ...testTranslationPace } })
  await world.startWorkers()
  acts = createTranslationActs(world)
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
})
beforeEach(async () => {
  gate.failAll(null)
  Object.assign(world.config.translationPace, testTranslationPace)
  const { districtId } = world.channel
  await world.database.superuser.query('update districts set translation_budget = null where id = $1', [districtId])
  await world.database.superuser.query('delete from translation_usage')
})

const update = (text: string, values: unknown[] = []) => world.database.superuser.query(text, values)
const throttled = { kind: 'error', type: 'ThrottlingException', status: 400 } as const
const away = { kind: 'error', type: 'ServiceUnavailableException', status: 503 } as const
const unauthorized = { kind: 'error', type: 'AccessDeniedException', status: 400 } as const

/** Asks, has it started, and answers how its run ended. */
const translate = async (textId: string, kind: 'messageId' | 'announcementId' = 'messageId'): Promise<unknown> => {
  const text = kind === 'messageId' ? { messageId: textId } : { announcementId: textId }
  const requested = await acts.request(text)
  if (requested === null) throw new Error('it was not asked for')
  await acts.relay()
  return acts.runOf(textId, requested.translation.attempt).result()
}

/** Of its path, a history is kept that replays. */
const expectKept = (path: string, textId: string, attempt = 1): Promise<void> =>
  expectHistoryKept(world.adapters, `translateMessage.${path}`, { workflowId: acts.runOf(textId, attempt).workflowId })

/** As `translate`, and something happens while the provider is asked. */
const translateWhile = async (textId: string, happen: () => Promise<unknown>): Promise<unknown> => {
  const before = gate.calls()
  const release = gate.hold()
  const ended = translate(textId)
  await vi.waitUntil(() => gate.calls() > before, { timeout: 20_000, interval: 20 })
  await happen()
  release()
  return ended
}

const eventsOf = async (subjectId: string): Promise<string[]> =>
  (await update('select kind from events where subject_id = $1 order by id', [subjectId])).rows.map(({ kind }: { kind: string }) => kind)

describe('a translation', () => {
  test('is made once for all who ask at the same moment, kept sealed, counted, and told of without a word', async () => {
    const id = await acts.write('The meeting is at the school on Monday.')
    const before = gate.calls()
    const asked = await Promise.all(Array.from({ length: 20 }, () => acts.request({ messageId: id })))
    expect(new Set(asked.map((one) => one?.translation.id)).size).toBe(1)
    expect(asked.filter((one) => one?.start)).toHaveLength(1)
    await acts.relay()
    expect(await acts.runOf(id).result()).toMatchObject({ outcome: 'done', calls: 1 })
    expect(gate.calls() - before).toBe(1)
    const row = await acts.row(id)
    expect(row).toMatchObject({ state: 'done', provider: 'Apertium', reason: null, attempt: 1 })
    expect(await acts.open(row)).toMatch(/lunes/i)
    const { rows } = await update('select characters from translation_usage')
    expect(rows).toEqual([{ characters: String(row.characters) }])
    expect(await eventsOf(id)).toContain('message.translated')
    const { searchAttributes } = await acts.runOf(id).describe()
    expect(searchAttributes).toMatchObject({ Stage: ['done'], TranslationId: [row.id], DistrictId: [world.channel.districtId] })
    await expectKept('done', id)
  })

  test('of an announcement is told to its section', async () => {
    const id = await acts.announce('There is no school on Friday.')
    expect(await translate(id, 'announcementId')).toMatchObject({ outcome: 'done' })
    expect(await acts.open(await acts.row(id))).toMatch(/viernes/i)
    expect(await eventsOf(id)).toEqual(['announcement.translated'])
  })

  test.each([
    ['throttled', throttled],
    ['away', away],
  ])('waits out a provider that is %s, and tells nobody', async (_, fault) => {
    const id = await acts.write('Please bring a book.')
    gate.failNext(8, fault)
    expect(await translate(id)).toMatchObject({ outcome: 'done' })
    expect((await acts.row(id)).attempt).toBe(1)
  })

  test('is given up when the provider stays away, and whoever asks much later begins another attempt', async () => {
    Object.assign(world.config.translationPace, { giveUpAfterMs: 1_500 })
    const id = await acts.write('Please bring a pencil.')
    gate.failAll(away)
    expect(await translate(id)).toEqual({ outcome: 'failed', reason: 'unavailable' })
    expect(await acts.row(id)).toMatchObject({ state: 'failed', reason: 'unavailable', body: null })
    await expectKept('unavailable', id)
    gate.failAll(null)
    expect(await acts.request({ messageId: id })).toMatchObject({ start: null, translation: { state: 'failed' } })
    await update(`update translations set finished_at = now() - interval '1 hour' where message_id = $1`, [id])
    expect(await translate(id)).toMatchObject({ outcome: 'done' })
    expect((await acts.row(id)).attempt).toBe(2)
  })

  test.each(['UnsupportedLanguagePairException', 'TextSizeLimitExceededException'])(
    'fails at once, and for good, when the provider says %s',
    async (type) => {
      const id = await acts.write('Please bring paper.')
      gate.failAll({ kind: 'error', type, status: 400 })
      const before = gate.calls()
      const reason = type.startsWith('Unsupported') ? 'unsupported-pair' : 'too-long'
      expect(await translate(id)).toEqual({ outcome: 'failed', reason })
      expect(gate.calls() - before).toBe(1)
      await expectKept('failed', id)
      await update(`update translations set finished_at = now() - interval '1 day' where message_id = $1`, [id])
      expect(await acts.request({ messageId: id })).toMatchObject({ start: null, translation: { state: 'failed', reason } })
    },
  )

  test('waits for somebody who mends what the provider refuses us for, and on-call is paged once, with what it answered and nothing of the text', async () => {
    const id = await acts.write('Please bring scissors.')
    const before = (await actionsOn('translator-misconfigured')).length
    gate.failAll(unauthorized)
    const ended = translate(id)
    await vi.waitUntil(async () => (await actionsOn('translator-misconfigured')).length > before, { timeout: 20_000 })
    await vi.waitFor(async () => expect((await acts.runOf(id).describe()).searchAttributes['Stage']).toEqual(['delayed']), {
      timeout: 20_000,
    })
    gate.failAll(null)
    expect(await ended).toMatchObject({ outcome: 'done' })
    expect((await actionsOn('translator-misconfigured')).length).toBe(before + 1)
    const page = present((await alertsIn()).findLast(({ dedup_key: key }) => key === 'translator-misconfigured'))
    expect(page.payload?.custom_details).toMatchObject({ fault: expect.stringContaining('AccessDeniedException') })
    expect(JSON.stringify(page)).not.toContain('scissors')
    await expectKept('misconfigured', id)
  })
})

const inDistrict = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(world.adapters.app, world.channel.districtId, work)
const nothing = (reason: string) => ({ state: 'cancelled', reason, body: null, provider: null, lost: [] })
const part = (until: number | null) =>
  update('update enrollments set until_version = $2 where user_id = $1', [world.channel.studentId, until])
const setSwitch = (value: string) => update(`update feature_switches set switched_off_at = ${value} where feature = 'translations'`)

describe('nothing is kept of what may not be translated any more', () => {
  test('since it was hidden while the provider was asked; shown again, it is asked for again', async () => {
    const id = await acts.write('Please bring chalk.')
    const act = { messageId: id, actorId: world.channel.teacherId }
    expect(await translateWhile(id, () => inDistrict((tx) => hideMessage(tx, act)))).toEqual({ outcome: 'cancelled', reason: 'not-shown' })
    expect(await acts.row(id)).toMatchObject(nothing('not-shown'))
    expect(await acts.request({ messageId: id })).toBeNull()
    await inDistrict((tx) => unhideMessage(tx, act))
    expect(await translate(id)).toMatchObject({ outcome: 'done' })
  })

  test('since its author withdrew it', async () => {
    const id = await acts.write('Please bring ink.')
    const act = { messageId: id, actorId: world.channel.studentId }
    expect(await translateWhile(id, () => inDistrict((tx) => withdrawMessage(tx, act)))).toEqual({
      outcome: 'cancelled',
      reason: 'not-shown',
    })
    expect(await acts.row(id)).toMatchObject(nothing('not-shown'))
    await expectKept('cancelled', id)
  })

  test('since the roster parted its people', async () => {
    const id = await acts.write('Please bring glue.')
    expect(await translateWhile(id, () => part(2))).toEqual({ outcome: 'cancelled', reason: 'ended' })
    expect(await acts.row(id)).toMatchObject(nothing('ended'))
    expect(await acts.request({ messageId: id })).toBeNull()
    await part(null)
  })

  test('since the school has no translations any more', async () => {
    const id = await acts.write('Please bring tape.')
    expect(await translateWhile(id, () => setSwitch('now()'))).toEqual({ outcome: 'cancelled', reason: 'switched-off' })
    expect(await acts.row(id)).toMatchObject(nothing('switched-off'))
    expect(await acts.request({ messageId: id })).toBeNull()
    await setSwitch('null')
  })

  test('since a guardian refuses it for the child', async () => {
    const { districtId, studentId } = world.channel
    const id = await acts.write('Please bring a ruler.')
    const guardianId = randomUUID()
    await update(
      `insert into users (district_id, id, sourced_id, role, given_name, family_name) values ($1, $2, $3, 'guardian', 'Ana', 'Test')`,
      [districtId, guardianId, newId()],
    )
    const refuse = () => update('insert into translation_refusals values ($1, $2, $3, now())', [districtId, studentId, guardianId])
    expect(await translateWhile(id, refuse)).toEqual({ outcome: 'cancelled', reason: 'refused' })
    const before = gate.calls()
    expect(await acts.request({ messageId: id })).toBeNull()
    expect(gate.calls()).toBe(before)
    await update('delete from translation_refusals')
  })
})

test('a budget is charged before anything is sent, its administrators are warned once and told once, and what is over it is not sent', async () => {
  const { districtId, teacherId, teacherEmail } = world.channel
  await update(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now() - interval '1 day')`,
    [districtId, newId(), teacherId],
  )
  const [first, second, third] = [await acts.write('One book.'), await acts.write('Two books.'), await acts.write('Three books.')]
  await update('update districts set translation_budget = 1000 where id = $1', [districtId])
  const use = (characters: number) => update('update translation_usage set characters = $1', [characters])
  expect(await translate(first)).toMatchObject({ outcome: 'done' })
  expect(await mailsTo(teacherEmail)).toHaveLength(0)
  await use(790)
  expect(await translate(second)).toMatchObject({ outcome: 'done' })
  await use(990)
  await expectKept('told', second)
  const before = gate.calls()
  expect(await translate(third)).toEqual({ outcome: 'failed', reason: 'budget-exhausted' })
  await expectKept('budget-exhausted', third)
  expect(await translate(await acts.write('Four books.'))).toEqual({ outcome: 'failed', reason: 'budget-exhausted' })
  expect(gate.calls()).toBe(before)
  const subjects = (await mailsTo(teacherEmail)).map(({ subject }) => subject)
  expect(subjects).toEqual([expect.stringContaining('nearly used up'), expect.stringContaining('are used up')])
})

test('what is given up was not used: an outage in which readers ask again and again uses up no budget', async () => {
  Object.assign(world.config.translationPace, { giveUpAfterMs: 500 })
  const used = async () => (await update('select characters from translation_usage')).rows
  gate.failAll(away)
  const id = await acts.write('Please bring crayons.')
  for (let time = 0; time < 2; time += 1) {
    expect(await translate(id)).toEqual({ outcome: 'failed', reason: 'unavailable' })
    expect(await used()).toEqual([{ characters: '0' }])
    await update(`update translations set finished_at = now() - interval '1 hour' where message_id = $1`, [id])
  }
  gate.failAll(null)
  expect(await translate(id)).toMatchObject({ outcome: 'done' })
  const { attempt, characters } = await acts.row(id)
  expect([attempt, await used()]).toEqual([3, [{ characters: String(characters) }]])
  // What was charged in a month that is over is not taken from the next one.
  const late = await acts.write('Please bring chalks.')
  gate.failAll(away)
  await acts.request({ messageId: late })
  await update(`update translations set asked_at = now() - interval '40 days' where message_id = $1`, [late])
  const before = Number(characters)
  await acts.relay()
  await acts.runOf(late).result()
  expect(Number((await used())[0]?.characters)).toBeGreaterThan(before)
})

test('a run that was ended by hand is missed and asked for again, once; one of a moment ago is left alone', async () => {
  const sweep = (sweepId = `sweep-translations-${newId()}`) =>
    world.adapters.client.workflow.execute('sweepTranslations', {
      workflowId: sweepId,
      taskQueue: world.config.taskQueues.maintenance,
    })
  const [lost, fresh] = [await acts.write('Lost.'), await acts.write('Fresh.')]
  gate.failAll(away)
  for (const id of [lost, fresh]) await acts.request({ messageId: id })
  await acts.relay()
  for (const id of [lost, fresh]) await acts.runOf(id).terminate()
  await update(`update translations set asked_at = now() - interval '1 hour' where message_id = $1`, [lost])
  gate.failAll(null)
  const sweepId = `sweep-translations-${newId()}`
  expect(await sweep(sweepId)).toEqual({ replayedTranslations: 1 })
  await expectHistoryKept(world.adapters, 'sweepTranslations.done', { workflowId: sweepId })
  // It waits to be started: that is no loss.
  await update(`update translations set asked_at = now() - interval '1 hour' where message_id = $1`, [lost])
  expect(await sweep()).toEqual({ replayedTranslations: 0 })
  await acts.relay()
  expect(await acts.runOf(lost, 2).result()).toMatchObject({ outcome: 'done' })
  expect(await acts.row(fresh)).toMatchObject({ state: 'pending', attempt: 1 })
})

test('a run whose attempt is over does nothing', async () => {
  const id = await acts.write('Superseded.')
  const { start } = present(await acts.request({ messageId: id }))
  await update(`update translations set attempt = 2 where message_id = $1`, [id])
  const before = gate.calls()
  await acts.relay()
  expect(await acts.runOf(id).result()).toEqual({ outcome: 'superseded', reason: null })
  expect(gate.calls()).toBe(before)
  expect(start?.workflowId).toBe(acts.runOf(id).workflowId)
  await expectKept('superseded', id)
})

test('an outage that lasts is one page, and is over when nobody meets it any more', async () => {
  const id = await acts.write('Outage.')
  const { pager, app } = world.adapters
  const before = (await actionsOn('translator-down')).length
  // As if it had begun ten minutes ago.
  const began = () => update(`update open_alerts set began_at = now() - interval '10 minutes' where dedup_key = 'translator-down'`)
  gate.failAll(away)
  const ended = translate(id)
  await vi.waitUntil(async () => (await began()).rowCount === 1, { timeout: 20_000, interval: 100 })
  await vi.waitUntil(async () => (await actionsOn('translator-down')).length > before, { timeout: 20_000, interval: 100 })
  gate.failAll(null)
  expect(await ended).toMatchObject({ outcome: 'done' })
  expect((await actionsOn('translator-down')).length).toBe(before + 1)
  await update(`update open_alerts set seen_at = now() - interval '10 minutes' where dedup_key = 'translator-down'`)
  await createFollowAlert({ app, pager })('translator-down', { holds: false, details: {} })
  expect((await actionsOn('translator-down')).slice(before)).toEqual(['trigger', 'resolve'])
})

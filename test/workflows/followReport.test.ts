import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createReportActs, testSafetyPace, type Named, type ReportActs } from '../support/reportActs.ts'
import { mailsTo } from '../support/sinks.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ safetyPace: { ...testSafetyPace } })
  await world.startWorkers()
})
afterAll(() => world?.close())

const subjects = async ({ email }: Named): Promise<string[]> => (await mailsTo(email)).map(({ subject }) => subject)
const first = 'A report waits for you'
const again = 'A report has waited for a day'

/** Until the run has told, and waits for a decision. */
const untilDeciding = (acts: ReportActs, reportId: string, attempt = 1) =>
  vi.waitFor(async () => expect((await acts.runOf(reportId, attempt).describe()).searchAttributes['Stage']).toEqual(['deciding']), {
    timeout: 30_000,
    interval: 50,
  })
/** While nobody is told again for longer than a test lasts. */
const withoutEscalation = async (work: () => Promise<void>): Promise<void> => {
  Object.assign(world.config.safetyPace, { escalateAfterMs: 3_600_000 })
  try {
    await work()
  } finally {
    Object.assign(world.config.safetyPace, testSafetyPace)
  }
}

test('those whom the district names are told at once, and with the administrators again when nobody decides; no mail says who, what or about whom', async () => {
  const acts = await createReportActs(world)
  const [one, other, administrator] = [await acts.name('safety'), await acts.name('safety'), await acts.name('administer')]
  const { reportId, start } = await acts.report()
  await acts.start(start)
  expect(await acts.runOf(reportId).result()).toEqual({ told: 2, toldAgain: 3 })
  expect(await subjects(one)).toEqual([first, again])
  expect(await subjects(other)).toEqual([first, again])
  expect(await subjects(administrator)).toEqual([again])
  expect(await subjects(acts.teacher)).toEqual([])
  const mails = await mailsTo(one.email)
  expect(new Set(mails.map(({ headers }) => headers['message-id'])).size).toBe(2)
  for (const { subject, text } of mails) {
    expect(text).toContain(reportId)
    expect(`${subject} ${text}`).not.toMatch(/something bad|threat|Given|Family|teacher|student/i)
  }
})

test('a report that somebody decided is not told of again; reopened, it is told of anew', async () => {
  await withoutEscalation(async () => {
    const acts = await createReportActs(world)
    const named = await acts.name('safety')
    const { reportId, start } = await acts.report()
    await acts.start(start)
    await untilDeciding(acts, reportId)
    expect(await subjects(named)).toEqual([first])
    expect(await acts.decide(reportId, named.userId, 'resolve')).toBeNull()
    const reopened = await acts.decide(reportId, named.userId, 'reopen')
    if (reopened === null) throw new Error('nothing is asked for')
    await acts.start(reopened)
    await untilDeciding(acts, reportId, 2)
    expect(await subjects(named)).toEqual([first, first])
  })
  const acts = await createReportActs(world)
  const named = await acts.name('safety')
  const { reportId, start } = await acts.report()
  await acts.decide(reportId, named.userId, 'resolve')
  await acts.start(start)
  expect(await acts.runOf(reportId).result()).toEqual({ told: 0, toldAgain: 0 })
  expect(await subjects(named)).toEqual([])
})

test('whoever wrote what was reported is never told, though they may look at reports and administer the district', async () => {
  const acts = await createReportActs(world)
  await acts.give(acts.teacher.userId, 'safety')
  await acts.give(acts.teacher.userId, 'administer')
  const administrator = await acts.name('administer')
  const { reportId, start } = await acts.report()
  await acts.start(start)
  expect(await acts.runOf(reportId).result()).toEqual({ told: 1, toldAgain: 1 })
  expect(await subjects(acts.teacher)).toEqual([])
  const [mail] = await mailsTo(administrator.email)
  expect(mail?.text).toContain('Nobody of your district has the permission')
})

test('a district in which nobody can be told yet is tried until somebody can', async () => {
  const acts = await createReportActs(world)
  const { reportId, start } = await acts.report()
  await acts.start(start)
  await vi.waitFor(
    async () => {
      const { raw } = await acts.runOf(reportId).describe()
      expect(raw.pendingActivities?.[0]?.attempt ?? 0).toBeGreaterThan(2)
    },
    { timeout: 30_000, interval: 50 },
  )
  const named = await acts.name('safety')
  expect(await acts.runOf(reportId).result()).toMatchObject({ told: 1 })
  expect(await subjects(named)).toContain(first)
})

test('a report whose API dies behind the commit is told of all the same: the relay starts it', async () => {
  const acts = await createReportActs(world)
  const named = await acts.name('safety')
  const { reportId } = await acts.report()
  await relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
  expect(await acts.runOf(reportId).result()).toEqual({ told: 1, toldAgain: 1 })
  expect(await subjects(named)).toContain(first)
})

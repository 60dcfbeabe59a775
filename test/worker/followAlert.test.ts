import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest'
import { createFollowAlert, type FollowAlert } from '../../activities/followAlert.ts'
import type { Database } from '../../db/openDatabase.ts'
import { alerts, type LastingAlertName } from '../../domain/alerts.ts'
import type { Alert } from '../../domain/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let app: Database
beforeAll(async () => {
  database = await createTestDatabase()
  app = await database.open('app', 8)
})
afterAll(() => database?.close())
afterEach(() => database.superuser.query('delete from open_alerts'))

/** The pager that all workers share, which may be away. */
const startPager = () => {
  const raised: string[] = []
  const pager = {
    isAway: false,
    raised,
    raise: async (alert: Alert) => {
      if (pager.isAway) throw new Error('pager away')
      raised.push(`${alert.action} ${alert.dedupKey}`)
    },
  }
  return pager
}
const startWorker = (pager: ReturnType<typeof startPager>): ((name: LastingAlertName, holds: boolean) => Promise<void>) => {
  const follow: FollowAlert = createFollowAlert({ app, pager })
  return (name, holds) => follow(name, { holds, details: {} })
}
/** Lets time pass, by moving what the database remembers. */
const pass = (seconds: number) =>
  database.superuser.query(
    `update open_alerts set began_at = began_at - make_interval(secs => $1), seen_at = seen_at - make_interval(secs => $1),
      raised_at = raised_at - make_interval(secs => $1), ending_at = ending_at - make_interval(secs => $1)`,
    [seconds],
  )
const name = 'scanner-down'
const { afterSeconds, quietSeconds } = alerts[name].ends

/** Looks every ten seconds, for so long. */
const lookFor = async (seconds: number, look: () => Promise<unknown>): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += 10) {
    await look()
    await pass(10)
  }
}

describe('an outage', () => {
  test('is one page and one resolve, although two workers see it at every look', async () => {
    const pager = startPager()
    const [one, two] = [startWorker(pager), startWorker(pager)]
    await lookFor(afterSeconds + 100, () => Promise.all([one(name, true), two(name, true)]))
    expect(new Set(pager.raised)).toEqual(new Set(['trigger scanner-down']))
    pager.raised.length = 0
    await lookFor(quietSeconds + 100, () => Promise.all([one(name, false), two(name, false)]))
    expect(pager.raised).toEqual(['resolve scanner-down'])
  })

  test('that is shorter than its time, pages nobody', async () => {
    const pager = startPager()
    const worker = startWorker(pager)
    await lookFor(afterSeconds - 20, () => worker(name, true))
    await lookFor(quietSeconds + 20, () => worker(name, false))
    expect(pager.raised).toEqual([])
    // And what comes much later begins anew.
    await worker(name, true)
    await pass(afterSeconds + quietSeconds + 60)
    await worker(name, true)
    expect(pager.raised).toEqual([])
  })

  test('that comes and goes is one page, until it is quiet', async () => {
    const pager = startPager()
    const worker = startWorker(pager)
    for (let round = 0; round < 6; round += 1) {
      await lookFor(60, () => worker(name, true))
      await lookFor(60, () => worker(name, false))
    }
    expect(pager.raised.filter((event) => event.startsWith('trigger')).length).toBeGreaterThan(0)
    expect(pager.raised).not.toContain('resolve scanner-down')
    await lookFor(quietSeconds + 20, () => worker(name, false))
    expect(pager.raised.filter((event) => event.startsWith('resolve'))).toHaveLength(1)
  })

  test('of one worker is not ended by another whose engine is well', async () => {
    const pager = startPager()
    const [ill, well] = [startWorker(pager), startWorker(pager)]
    await lookFor(afterSeconds + 200, () => Promise.all([ill(name, true), well(name, false)]))
    expect(pager.raised).toContain('trigger scanner-down')
    expect(pager.raised).not.toContain('resolve scanner-down')
  })

  test('that was seen by a worker which died is ended by the one that lives', async () => {
    const pager = startPager()
    const [dies, lives] = [startWorker(pager), startWorker(pager)]
    await lookFor(afterSeconds + 20, () => dies(name, true))
    expect(pager.raised).toEqual(['trigger scanner-down'])
    await lookFor(quietSeconds + 20, () => lives(name, false))
    expect(pager.raised).toEqual(['trigger scanner-down', 'resolve scanner-down'])
  })

  test('whose end was claimed by a worker that died before it told, is ended by another', async () => {
    const pager = startPager()
    const [dies, lives] = [startWorker(pager), startWorker(pager)]
    await lookFor(afterSeconds + 20, () => dies(name, true))
    await pass(quietSeconds)
    pager.isAway = true
    await expect(dies(name, false)).rejects.toThrow('pager away')
    pager.isAway = false
    await lookFor(100, () => lives(name, false))
    expect(pager.raised).toEqual(['trigger scanner-down', 'resolve scanner-down'])
  })

  test('begins and ends although the pager was away: the next look tells', async () => {
    const pager = startPager()
    const worker = startWorker(pager)
    pager.isAway = true
    await lookFor(afterSeconds + 20, () => worker(name, true).catch(() => undefined))
    pager.isAway = false
    await worker(name, true)
    expect(pager.raised).toEqual(['trigger scanner-down'])
  })

  test('is told again under the same key while it lasts, for somebody may have closed it too early', async () => {
    const pager = startPager()
    const worker = startWorker(pager)
    await lookFor(afterSeconds + 610, () => worker(name, true))
    expect(pager.raised).toEqual(['trigger scanner-down', 'trigger scanner-down', 'trigger scanner-down'])
  })

  test('that returns while its end is being told, is raised anew', async () => {
    const pager = startPager()
    const worker = startWorker(pager)
    await worker('scanner-misconfigured', true)
    await pass(quietSeconds)
    const ending = createFollowAlert({
      app,
      pager: {
        raise: async (alert) => {
          await worker('scanner-misconfigured', true)
          await pager.raise(alert)
        },
      },
    })
    await ending('scanner-misconfigured', { holds: false, details: {} })
    expect(pager.raised).toEqual(['trigger scanner-misconfigured', 'trigger scanner-misconfigured', 'resolve scanner-misconfigured'])
    // The resolve came last: the next telling opens the page again.
    await pass(300)
    await worker('scanner-misconfigured', true)
    expect(pager.raised.at(-1)).toBe('trigger scanner-misconfigured')
  })
})

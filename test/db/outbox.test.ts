import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { claimOutbox } from '../../db/queries/claimOutbox.ts'
import { markStarted } from '../../db/queries/settleOutbox.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createTicketWorld, complete, type World } from './ticketWorld.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test?.close())

const createWorld = () => createTicketWorld(test, app)

describe('the outbox', () => {
  it('gives each entry to one of many relays, and again only after its hold is over', async () => {
    const relay = await test.open('relay', 5)
    const worlds: World[] = []
    for (let count = 0; count < 10; count += 1) worlds.push(await createWorld())
    for (const world of worlds) await complete(world)
    const own = new Set(worlds.map(({ districtId }) => districtId))
    const claim = async (holdSeconds: number) =>
      (await acrossDistricts(relay, (tx) => claimOutbox(tx, { limit: 100, ageSeconds: 0, holdSeconds }))).filter(({ districtId }) =>
        own.has(districtId),
      )
    const claimed = (await Promise.all(Array.from({ length: 5 }, () => claim(600)))).flat()
    expect(claimed).toHaveLength(10)
    expect(new Set(claimed.map(({ outboxId }) => outboxId)).size).toBe(10)
    expect(await claim(600)).toEqual([])
    await test.superuser.query(`update outbox set claimed_until = now() - interval '1 second'`)
    const [again] = await claim(600)
    expect(again?.attempts).toBe(2)
    for (const entry of claimed) await acrossDistricts(relay, (tx) => markStarted(tx, entry))
    await test.superuser.query(`update outbox set claimed_until = null`)
    expect(await claim(600)).toEqual([])
  })

  it('leaves young entries to whoever committed them', async () => {
    const relay = await test.open('relay', 1)
    const world = await createWorld()
    await complete(world)
    const claimed = await acrossDistricts(relay, (tx) => claimOutbox(tx, { limit: 100, ageSeconds: 60, holdSeconds: 1 }))
    expect(claimed.filter(({ districtId }) => districtId === world.districtId)).toEqual([])
  })
})

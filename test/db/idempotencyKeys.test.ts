import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../db/openDatabase.ts'
import { claimIdempotencyKey, settleIdempotencyKey } from '../../db/queries/claimIdempotencyKey.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createTicketWorld } from './ticketWorld.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test?.close())

const createWorld = () => createTicketWorld(test, app)

describe('an idempotency key', () => {
  it('lets one of many equal requests do the work, and the others see its result', async () => {
    const world = await createWorld()
    const request = { userId: world.teacherId, key: 'key-1', route: 'POST /x', fingerprint: Buffer.from('same') }
    const resultId = newId()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        world.in(async (tx) => {
          const claim = await claimIdempotencyKey(tx, request)
          if (claim.outcome === 'new') await settleIdempotencyKey(tx, request, { kind: 'thing', id: resultId })
          return claim
        }),
      ),
    )
    expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'done')).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'done', resultId })))
    const other = { ...request, fingerprint: Buffer.from('other') }
    expect(await world.in((tx) => claimIdempotencyKey(tx, other))).toEqual({ outcome: 'other-request' })
  })

  it('is free again when the work failed', async () => {
    const world = await createWorld()
    const request = { userId: world.teacherId, key: 'key-1', route: 'POST /x', fingerprint: Buffer.from('same') }
    const failing = world.in(async (tx) => {
      await claimIdempotencyKey(tx, request)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await world.in((tx) => claimIdempotencyKey(tx, request))).toEqual({ outcome: 'new' })
  })
})

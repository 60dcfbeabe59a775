import { createHash, randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { findSession } from '../../db/queries/findSession.ts'
import { mintSession } from '../../db/queries/mintSession.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test.close())

const hash = (token: Buffer): Buffer => createHash('sha256').update(token).digest()

describe('a session', () => {
  const by = { kind: 'staff', name: 'oncall' } as const

  const open = async (lifeSeconds = 60) => {
    const { districtId, teacherId: userId } = await createSampleDistrict(test.superuser)
    await test.superuser.query(`update users set preferred_language = 'es' where id = $1`, [userId])
    const auth = await test.open('auth', 1)
    const token = randomBytes(32)
    const minted = await withDistrict(app, districtId, (tx) =>
      mintSession(tx, { userId, tokenHash: hash(token), lifeSeconds, by, reason: 'r' }),
    )
    const find = () => acrossDistricts(auth, (tx) => findSession(tx, hash(token)))
    const actor = () => withDistrict(app, districtId, (tx) => findActor(tx, { sessionId: minted?.sessionId ?? '', userId }))
    return { districtId, userId, sessionId: minted?.sessionId ?? '', find, actor }
  }

  it('is found by its token’s hash before the district is known, and leads to the person', async () => {
    const session = await open()
    expect(await session.find()).toEqual({ sessionId: session.sessionId, districtId: session.districtId, userId: session.userId })
    expect(await session.actor()).toEqual({ userId: session.userId, role: 'teacher', permissions: [], preferredLanguage: 'es' })
  })

  it('leads nowhere once it has ended, and its end is audited once', async () => {
    const session = await open()
    const end = () => withDistrict(app, session.districtId, (tx) => endSession(tx, { sessionId: session.sessionId, by }))
    expect([await end(), await end()]).toEqual([true, false])
    expect([await session.find(), await session.actor()]).toEqual([null, null])
    const { rows } = await test.superuser.query('select action, actor from audit_entries where district_id = $1 order by id', [
      session.districtId,
    ])
    expect(rows).toEqual([
      { action: 'session.mint', actor: 'oncall' },
      { action: 'session.end', actor: 'oncall' },
    ])
  })

  it('leads nowhere once its time is over', async () => {
    const session = await open(0)
    expect([await session.find(), await session.actor()]).toEqual([null, null])
  })

  it('dies with the account', async () => {
    const session = await open()
    await test.superuser.query('update users set is_active = false where id = $1', [session.userId])
    expect(await session.actor()).toBeNull()
    const again = withDistrict(app, session.districtId, (tx) =>
      mintSession(tx, { userId: session.userId, tokenHash: randomBytes(32), lifeSeconds: 1, by, reason: 'r' }),
    )
    expect(await again).toBeNull()
  })

  it('shows the permissions that hold now', async () => {
    const session = await open()
    const grant = (permission: string, begins: string, ends: string) =>
      test.superuser.query(
        `insert into grants (district_id, id, user_id, permission, author_id, begins, ends)
         values ($1, $2, $3, $4, $3, now() + $5::interval, now() + $6::interval)`,
        [session.districtId, newId(), session.userId, permission, begins, ends],
      )
    await grant('administer', '-2 days', '-1 day')
    await grant('audit', '-1 day', '1 day')
    expect((await session.actor())?.permissions).toEqual(['audit'])
  })
})

import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFollowAlert } from '../../activities/followAlert.ts'
import type { Alert } from '../../domain/ports.ts'
import { createAdministratorWatch } from '../../worker/watchAdministrators.ts'
import { addUser, createSampleDistrict } from '../db/roster.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let watch: ReturnType<typeof createAdministratorWatch>
const raised: Alert[] = []
const pager = { raise: (alert: Alert) => Promise.resolve(void raised.push(alert)) }

beforeAll(async () => {
  database = await createTestDatabase()
  const app = await database.open('app', 4)
  watch = createAdministratorWatch({ app, sweeper: await database.open('sweeper', 1), follow: createFollowAlert({ app, pager }) })
})
afterAll(() => database?.close())

const addAdministrator = async (districtId: string): Promise<string> => {
  const id = newId()
  await addUser(database.superuser, districtId, id, 'staff')
  await database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now())`,
    [districtId, newId(), id],
  )
  return id
}

const today = `(select (now() at time zone d.time_zone)::date from districts d where d.id = $1)`

test.each<[string, string, string]>([
  [
    'is held by the brake',
    `with held as (
       insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author)
       values ($1, gen_random_uuid(), 'upload', 'partly-applied', 'k', 'client', 'c') returning id)
     insert into suspensions (district_id, subject_id, sync_id, subject) select $1, $2, id, 'user' from held`,
    'delete from suspensions where district_id = $1 and subject_id = $2',
  ],
  [
    'is disabled by a feed',
    'update users set is_active = false where district_id = $1 and id = $2',
    'update users set is_active = true where district_id = $1 and id = $2',
  ],
  [
    'worked there until yesterday',
    `update org_roles set ends = ${today} where district_id = $1 and user_id = $2`,
    `update org_roles set ends = null where district_id = $1 and user_id = $2`,
  ],
  [
    'has lost the permission for good',
    'update grants set ends = now() where district_id = $1 and user_id = $2',
    'update grants set ends = null where district_id = $1 and user_id = $2',
  ],
])(
  'on-call is told once when the last administrator of a district %s, and once when somebody can administer it again',
  async (_, take, giveBack) => {
    const { districtId } = await createSampleDistrict(database.superuser)
    const other = await createSampleDistrict(database.superuser)
    const said = () =>
      raised.filter(({ details }) => details['districtId'] === districtId).map(({ action, runbook }) => `${action} ${runbook}`)
    await watch.look()
    const [first, last] = [await addAdministrator(districtId), await addAdministrator(districtId)]
    await database.superuser.query(take, [districtId, first])
    await watch.look()
    expect(said()).toEqual([])
    await database.superuser.query(take, [districtId, last])
    await watch.look()
    await watch.look()
    expect(said()).toEqual(['trigger district-without-administrator'])
    await database.superuser.query(giveBack, [districtId, last])
    await watch.look()
    await watch.look()
    expect(said()).toEqual(['trigger district-without-administrator', 'resolve district-without-administrator'])
    // A district that nobody was ever given is for whoever makes it.
    expect(raised.filter(({ details }) => details['districtId'] === other.districtId)).toEqual([])
  },
)

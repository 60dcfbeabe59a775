import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import type { Problem } from '../../api/problem.ts'
import { addUser } from '../db/roster.ts'
import { createCaller, type Caller, withoutRequestId } from '../support/callApi.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { signIn } from '../support/signIn.ts'

let room: Room
let second: string
let denied: string

/** A guardian of the room's student. Ends when the room does. */
const addGuardian = async (custody: string): Promise<string> => {
  const { districtId, studentId } = room.district
  const id = newId()
  await addUser(room.database.superuser, districtId, id, 'guardian')
  await room.database.superuser.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
     values ($1, $2, $3, $4, 'parent', $5, current_date - 100, 1)`,
    [districtId, newId(), id, studentId, custody],
  )
  return id
}

beforeAll(async () => {
  room = await openRoom()
  second = await addGuardian('permitted')
  denied = await addGuardian('denied')
  await addGuardian('unknown')
})
afterAll(() => room?.close())

type Answer = { items: ChannelView[]; emptyBecause: string | null } & Problem
const open = (caller: Caller = room.teacher, studentId: string = room.district.studentId) =>
  caller<Answer>('POST', `/v1/students/${studentId}/guardian-channels`)
const participantsOf = ({ items }: Answer): string[] => items.map(({ participant }) => participant.id).toSorted()
const setCustody = (guardianId: string, custody: string) =>
  room.database.superuser.query('update guardianships set custody = $2 where guardian_id = $1', [guardianId, custody])

test('a teacher opens a channel with each guardian of confirmed custody at once, and with nobody else', async () => {
  const { status, body } = await open()
  expect({ status, emptyBecause: body.emptyBecause }).toEqual({ status: 200, emptyBecause: null })
  expect(participantsOf(body)).toEqual([room.district.guardianId, second].toSorted())
  for (const channel of body.items)
    expect(channel).toMatchObject({ teacher: { id: room.district.teacherId }, student: { id: room.district.studentId }, lastSeq: 0 })
  expect(JSON.stringify(body)).not.toContain(denied)
})

test('twenty times at once opens each channel once, and they are those that opening one by one answers', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => open()))
  expect(
    new Set(
      answers.map(
        ({ status, body }) =>
          `${status} ${body.items
            .map(({ id }) => id)
            .toSorted()
            .join()}`,
      ),
    ).size,
  ).toBe(1)
  const one = await room.teacher<ChannelView>('POST', '/v1/channels', { studentId: room.district.studentId, guardianId: second })
  expect(answers[0]?.body.items.map(({ id }) => id)).toContain(one.body.id)
})

test('a guardian who may no longer be written to is left out, and one who has come since is let in', async () => {
  await setCustody(second, 'unknown')
  expect(participantsOf((await open()).body)).toEqual([room.district.guardianId])
  await setCustody(second, 'permitted')
  expect(participantsOf((await open()).body)).toContain(second)
})

test('without anybody to write to the answer is an empty list that says so, the same whatever the roster says of custody', async () => {
  const answers = new Set<string>()
  for (const custody of ['denied', 'unknown']) {
    for (const id of [room.district.guardianId, second, denied]) await setCustody(id, custody)
    const { status, body } = await open()
    expect({ status, items: body.items }).toEqual({ status: 200, items: [] })
    answers.add(JSON.stringify(body))
  }
  await room.database.superuser.query(`update guardianships set until_version = 2 where district_id = $1`, [room.district.districtId])
  answers.add(JSON.stringify((await open()).body))
  expect([...answers]).toEqual([JSON.stringify({ items: [], emptyBecause: 'no-guardian-to-write-to' })])
  await room.database.superuser.query(`update guardianships set until_version = null where district_id = $1`, [room.district.districtId])
  for (const id of [room.district.guardianId, second]) await setCustody(id, 'permitted')
})

test('whoever does not stand where a teacher of the student does is answered as if there were no such student', async () => {
  const { districtId, guardianId, studentId, teacherId } = room.district
  const guardian = createCaller(room.api.url, (await signIn(room.api.deps.app, districtId, guardianId)).token)
  const absent = await open(room.teacher, newId())
  expect(absent.status).toBe(404)
  for (const refused of [
    await open(room.student),
    await open(guardian),
    await open(room.stranger),
    await open(room.teacher, teacherId),
    await open(room.teacher, guardianId),
    await open(room.teacher, 'x'),
  ])
    expect({ status: refused.status, body: withoutRequestId(refused.body) }).toEqual({ status: 404, body: withoutRequestId(absent.body) })
  expect((await open(room.teacher, studentId)).status).toBe(200)
})

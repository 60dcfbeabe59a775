import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventView } from '../../api/schemas/eventSchema.ts'
import type { Feature } from '../../domain/features.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { withCanary } from '../support/canary.ts'
import { followEvents, type FollowedEvents } from '../support/followEvents.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { signIn } from '../support/signIn.ts'

let room: Room
let coTeacherId: string
let coTeachingId: string
const tokens = { student: '', guardian: '', coTeacher: '', stranger: '' }

beforeAll(async () => {
  room = await openRoom()
  const { districtId, sectionId, studentId, guardianId, strangerId } = room.district
  coTeacherId = newId()
  coTeachingId = newId()
  await addUser(room.database.superuser, districtId, coTeacherId, 'teacher')
  await addEnrollment(room.database.superuser, districtId, { id: coTeachingId, userId: coTeacherId, sectionId, role: 'teacher' })
  const elsewhere = newId()
  await room.database.superuser.query(`insert into schools (district_id, id, sourced_id, name) values ($1, $2, 'school-2', 'School')`, [
    districtId,
    elsewhere,
  ])
  for (const feature of ['guardians-read-along', 'co-teachers-read-along'] as const) await switchOn(feature, elsewhere)
  const tokenOf = async (userId: string) => (await signIn(room.api.deps.app, districtId, userId)).token
  Object.assign(tokens, {
    student: await tokenOf(studentId),
    guardian: await tokenOf(guardianId),
    coTeacher: await tokenOf(coTeacherId),
    stranger: await tokenOf(strangerId),
  })
})
afterAll(() => room?.close())

/** In the school of the room alone: elsewhere somebody always reads along. */
const switchOn = (feature: Feature, schoolId = room.district.schoolId) =>
  room.database.superuser.query(
    `insert into feature_switches (district_id, id, feature, school_id, switched_on_at) values ($1, uuidv7(), $2, $3, '2000-01-01')`,
    [room.district.districtId, feature, schoolId],
  )
const switchOff = (feature: Feature) =>
  room.database.superuser.query('delete from feature_switches where feature = $1 and school_id = $2', [feature, room.district.schoolId])

const post = async (channelId = room.channelId): Promise<string> => {
  const id = newId()
  const { status } = await room.teacher('POST', `/v1/channels/${channelId}/messages`, { id, text: withCanary('to the child') })
  expect(status).toBe(201)
  return id
}
const follow = async (token: string, lastId: string | null = null): Promise<FollowedEvents> => {
  const stream = await followEvents(room.api.url, token, { lastId })
  expect((await stream.next())?.event).toBe('ready')
  return stream
}
/** Kinds and subjects up to the one about `last`. */
const heardUntil = async (stream: FollowedEvents, last: string): Promise<string[]> => {
  const heard: EventView[] = []
  for (let frame = await stream.next(); frame !== null; frame = await stream.next()) {
    heard.push(...(JSON.parse(frame.data) as { changes: EventView[] }).changes)
    if (heard.some(({ subjectId }) => subjectId === last)) return heard.map(({ kind, subjectId }) => `${kind} ${subjectId}`)
  }
  throw new Error('the stream ended before')
}
/** Posts, and waits until it was decided who hears of it: the student has. */
const postUnheard = async (student: FollowedEvents): Promise<void> => void (await heardUntil(student, await post()))

describe.each([
  ['guardians-read-along', 'guardian', 'guardianships', () => room.district.guardianId],
  ['co-teachers-read-along', 'coTeacher', 'enrollments', () => coTeacherId],
] as const)('%s', (feature, who, table, userId) => {
  const column = table === 'guardianships' ? 'guardian_id' : 'user_id'
  const setEnd = (daysAgo: number | null) =>
    room.database.superuser.query(`update ${table} set ends = current_date - $2::int where ${column} = $1`, [userId(), daysAgo])

  test('who reads along hears of what they read, at once and without a word of it, while they may, and of nothing before or after', async () => {
    const [student, reader, stranger] = [await follow(tokens.student), await follow(tokens[who]), await follow(tokens.stranger)]
    // Nobody may yet.
    await postUnheard(student)
    await switchOn(feature)
    const id = await post()
    expect(await heardUntil(reader, id)).toEqual([`message.posted ${id}`])
    await heardUntil(student, id)
    // Who of the two has read how far is not theirs; what is hidden goes from their screen too.
    await room.student('PUT', `/v1/channels/${room.channelId}/read-mark`, { seq: 1_000_000 })
    await room.teacher('POST', `/v1/messages/${id}/hide`)
    expect(await heardUntil(reader, id)).toEqual([`message.hidden ${id}`])
    await setEnd(2)
    await postUnheard(student)
    await setEnd(null)
    const between = await post()
    expect(await heardUntil(reader, between)).toEqual([`message.posted ${between}`])
    await heardUntil(student, between)
    await switchOff(feature)
    await postUnheard(student)
    await switchOn(feature)
    const last = await post()
    expect(await heardUntil(reader, last)).toEqual([`message.posted ${last}`])
    await switchOff(feature)
    for (const stream of [student, reader, stranger]) await stream.close()
    expect(await stranger.rest()).toEqual([])
  })

  test('who was away hears of what they missed when they come back, unless they may not any more', async () => {
    await switchOn(feature)
    const stream = await follow(tokens[who])
    const first = await post()
    await heardUntil(stream, first)
    const lastId = stream.lastId()
    await stream.close()
    const [missed, hidden] = [await post(), await post()]
    await room.teacher('POST', `/v1/messages/${hidden}/hide`)
    const again = await follow(tokens[who], lastId)
    expect(await heardUntil(again, hidden)).toEqual([`message.posted ${missed}`, `message.hidden ${hidden}`])
    await again.close()
    await switchOff(feature)
    const late = await follow(tokens[who], lastId)
    await switchOn(feature)
    const last = await post()
    expect(await heardUntil(late, last)).toEqual([`message.posted ${last}`])
    await late.close()
    await switchOff(feature)
  })
})

test('a guardian hears nothing of what a teacher writes with another parent, nor of another child’s conversation', async () => {
  await switchOn('guardians-read-along')
  const { districtId, sectionId, studentId } = room.district
  const [parentId, otherId] = [newId(), newId()]
  const { superuser } = room.database
  await addUser(superuser, districtId, parentId, 'guardian')
  await superuser.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
     values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
    [districtId, newId(), parentId, studentId],
  )
  await addUser(superuser, districtId, otherId, 'student')
  await addEnrollment(superuser, districtId, { id: newId(), userId: otherId, sectionId, role: 'student' })
  const open = async (body: object) => (await room.teacher<{ id: string }>('POST', '/v1/channels', body)).body.id
  const [withParent, withOther] = [await open({ studentId, guardianId: parentId }), await open({ studentId: otherId })]
  const guardian = await follow(tokens.guardian)
  await post(withParent)
  await post(withOther)
  const own = await post()
  expect(await heardUntil(guardian, own)).toEqual([`message.posted ${own}`])
  await guardian.close()
  await switchOff('guardians-read-along')
})

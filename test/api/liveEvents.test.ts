import pg from 'pg'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventView } from '../../api/schemas/eventSchema.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { addEvent } from '../../db/queries/addEvent.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { followEvents, type FollowedEvents } from '../support/followEvents.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let room: Room
/** Another process of the API beside the room's. */
let other: RunningApi
let guardianChannelId: string
const tokens = { teacher: '', student: '', guardian: '' }

beforeAll(async () => {
  room = await openRoom()
  other = await startApi(room.database, { keys: room.api.deps.keys, pace: { eventHeartbeatMs: 100, eventStreamsPerPerson: 3 } })
  const { districtId, teacherId, studentId, guardianId } = room.district
  const tokenOf = async (userId: string) => (await signIn(room.api.deps.app, districtId, userId)).token
  Object.assign(tokens, { teacher: await tokenOf(teacherId), student: await tokenOf(studentId), guardian: await tokenOf(guardianId) })
  guardianChannelId = (await room.teacher<{ id: string }>('POST', '/v1/channels', { studentId, guardianId })).body.id
})
afterAll(async () => {
  await other?.close()
  await room?.close()
})

const post = async (caller: Caller, text: string, channelId = room.channelId): Promise<string> => {
  const id = newId()
  const { status } = await caller('POST', `/v1/channels/${channelId}/messages`, { id, text: withCanary(text) })
  expect(status).toBe(201)
  return id
}
const changesIn = (data: string): EventView[] => (JSON.parse(data) as { changes: EventView[] }).changes

/** Follows from now on: `ready` has come. */
const follow = async (token: string, { url }: Pick<RunningApi, 'url'> = other): Promise<FollowedEvents> => {
  const stream = await followEvents(url, token)
  expect((await stream.next())?.event).toBe('ready')
  return stream
}

/** All changes up to the first that `isLast` says is the last. */
const changesUntil = async (stream: FollowedEvents, isLast: (change: EventView) => boolean): Promise<EventView[]> => {
  const seen: EventView[] = []
  for (let frame = await stream.next(); frame !== null; frame = await stream.next()) {
    seen.push(...changesIn(frame.data))
    if (seen.some(isLast)) return seen
  }
  throw new Error('the stream ended before')
}
const setActive = (isActive: boolean, userId: string) =>
  room.database.superuser.query('update users set is_active = $1 where id = $2', [isActive, userId])
const isAbout = (id: string) => (change: EventView) => change.subjectId === id

describe('what happens in a conversation', () => {
  test('is told to both of it in any process, by kind and id and without a word of it', async () => {
    const [mine, theirs] = [await follow(tokens.student), await follow(tokens.teacher, room.api)]
    const { channelId } = room
    const id = await post(room.teacher, 'the words')
    for (const stream of [mine, theirs])
      expect(await changesUntil(stream, isAbout(id))).toEqual([{ kind: 'message.posted', channelId, sectionId: null, subjectId: id }])
    await room.teacher('POST', `/v1/messages/${id}/hide`)
    await room.teacher('POST', `/v1/messages/${id}/unhide`)
    await room.teacher('PUT', `/v1/channels/${channelId}/posting`, { posting: 'paused' })
    await room.teacher('PUT', `/v1/channels/${channelId}/posting`, { posting: 'open' })
    await room.student('PUT', `/v1/channels/${channelId}/read-mark`, { seq: 1_000 })
    await room.teacher('POST', `/v1/messages/${id}/withdraw`)
    for (const stream of [mine, theirs]) {
      const seen = await changesUntil(stream, ({ kind }) => kind === 'message.withdrawn')
      expect(seen.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['message.hidden', 'channel.posting', 'channel.read', 'message.withdrawn']),
      )
      expect(JSON.stringify(seen)).not.toContain(withCanary('the words'))
      await stream.close()
    }
  })

  test('is told to nobody else: not to the guardian of the student, who has a conversation of their own, and not to a stranger', async () => {
    const { token } = await signIn(room.api.deps.app, room.district.districtId, room.district.strangerId)
    const [guardian, stranger] = [await follow(tokens.guardian), await follow(token)]
    await post(room.teacher, 'for the student')
    const id = await post(room.teacher, 'for the guardian', guardianChannelId)
    expect(await changesUntil(guardian, isAbout(id))).toMatchObject([{ subjectId: id }])
    await stranger.close()
    await guardian.close()
    expect(await stranger.rest()).toEqual([])
  })

  test('a message that was hidden before it was told is not told to the student, and how far the teacher has read is told to the teacher alone', async () => {
    const stream = await followEvents(other.url, tokens.student)
    const from = (await stream.next())?.id ?? null
    await stream.close()
    const id = await post(room.teacher, 'hidden at once')
    await room.teacher('POST', `/v1/messages/${id}/hide`)
    await room.teacher('PUT', `/v1/channels/${room.channelId}/read-mark`, { seq: 1_000_000 })
    const last = await post(room.teacher, 'after')
    const again = await followEvents(other.url, tokens.student, { lastId: from })
    await again.next()
    const seen = await changesUntil(again, isAbout(last))
    expect(seen.map(({ kind, subjectId }) => `${kind} ${subjectId}`)).toEqual([`message.hidden ${id}`, `message.posted ${last}`])
    await again.close()
  })
})

const announce = async (recipients: string): Promise<string> => {
  const id = newId()
  const path = `/v1/sections/${room.district.sectionId}/announcements`
  const { status } = await room.teacher('POST', path, { id, recipients, text: withCanary('to all of you') })
  expect(status).toBe(201)
  return id
}
const kindsOf = async (stream: FollowedEvents, until: string) =>
  (await changesUntil(stream, isAbout(until))).map(({ kind, subjectId }) => `${kind} ${subjectId}`)

describe('what is said to a section', () => {
  test('is told to those whom it is for, and to its teacher, and what becomes of it as well', async () => {
    const [student, guardian, teacher] = [await follow(tokens.student), await follow(tokens.guardian), await follow(tokens.teacher)]
    const ofStudents = await announce('students')
    const ofBoth = await announce('both')
    const [first, second] = [`announcement.posted ${ofStudents}`, `announcement.posted ${ofBoth}`]
    expect(await kindsOf(student, ofBoth)).toEqual([first, second])
    expect(await kindsOf(teacher, ofBoth)).toEqual([first, second])
    expect(await kindsOf(guardian, ofBoth)).toEqual([second])
    await room.teacher('POST', `/v1/announcements/${ofBoth}/withdraw`)
    for (const stream of [student, guardian, teacher]) {
      expect(await kindsOf(stream, ofBoth)).toEqual([`announcement.withdrawn ${ofBoth}`])
      await stream.close()
    }
  })

  test('is told to whoever was away, and not to a student who left the section meanwhile', async () => {
    const stream = await follow(tokens.student)
    await stream.close()
    const id = await announce('both')
    const back = await followEvents(other.url, tokens.student, { lastId: stream.lastId() })
    await back.next()
    expect(await changesUntil(back, isAbout(id))).toMatchObject([{ kind: 'announcement.posted', sectionId: room.district.sectionId }])
    await back.close()
    await endEnrollment(room.database, room.district.learningId)
    const gone = await followEvents(other.url, tokens.student, { lastId: stream.lastId() })
    await gone.next()
    await gone.close()
    expect(await gone.rest()).toEqual([])
    await resumeEnrollment(room.database, room.district.learningId)
  })
})

describe('access is decided as each event is sent', () => {
  test('after the roster ended the relation nothing is told, and when it connects them again the next thing is', async () => {
    const stream = await follow(tokens.student)
    await endEnrollment(room.database, room.district.learningId)
    // As superuser, since nobody can post there any more.
    await room.database.superuser.query(
      `insert into events select district_id, $2, pg_current_xact_id()::text::bigint, 'channel.posting', id, null, null, $2, now() from channels where id = $1`,
      [room.channelId, newId()],
    )
    // Their own: when it is told, what was written before it has been decided.
    const own = newId()
    await withDistrict(room.api.deps.app, room.district.districtId, (tx) =>
      addEvent(tx, { kind: 'notice.added', userId: room.district.studentId, subjectId: own }),
    )
    expect(await changesUntil(stream, isAbout(own))).toMatchObject([{ subjectId: own }])
    await resumeEnrollment(room.database, room.district.learningId)
    const id = await post(room.teacher, 'connected again')
    expect(await changesUntil(stream, isAbout(id))).toMatchObject([{ subjectId: id }])
    await stream.close()
  })

  test('a stream ends when its session ends, in any process', async () => {
    const { token, sessionId } = await signIn(room.api.deps.app, room.district.districtId, room.district.studentId)
    const stream = await follow(token)
    await withDistrict(room.api.deps.app, room.district.districtId, (tx) =>
      endSession(tx, { sessionId, by: { kind: 'system', name: 'test' } }),
    )
    expect(await stream.rest()).toMatchObject([{ event: 'gone', data: '{}' }])
    expect((await followEvents(other.url, token)).status).toBe(401)
  })

  test('a stream ends when its person is active no more', async () => {
    const stream = await follow(tokens.guardian)
    await setActive(false, room.district.guardianId)
    expect(await stream.rest()).toMatchObject([{ event: 'gone' }])
    await setActive(true, room.district.guardianId)
  })
})

describe('coming back with the last id', () => {
  test('nothing is missed of a transaction that began early and committed late, and those that came between wait for nobody', async () => {
    const [late, early] = [await post(room.teacher, 'late'), newId()]
    const stream = await follow(tokens.student)
    const slow = new pg.Client({ connectionString: room.database.urls.superuser })
    await slow.connect()
    await slow.query('begin')
    await slow.query(
      `insert into events select district_id, $2, pg_current_xact_id()::text::bigint, 'message.posted', channel_id, null, null, id, now() from messages where id = $1`,
      [late, early],
    )
    const between = await post(room.teacher, 'between')
    expect(await changesUntil(stream, isAbout(between))).toMatchObject([{ subjectId: between }])
    const lastId = stream.lastId()
    await stream.close()
    await slow.query('commit')
    await slow.end()
    const again = await followEvents(room.api.url, tokens.student, { lastId })
    expect((await again.next())?.event).toBe('ready')
    expect(await changesUntil(again, isAbout(late))).toMatchObject([{ subjectId: late }])
    await again.close()
  })

  test('whoever comes and goes between two processes while many write at once hears of every message once', async () => {
    const clients = [room.teacher, createCaller(other.url, tokens.teacher), room.student, createCaller(other.url, tokens.student)]
    const start = await follow(tokens.student)
    let lastId = start.lastId()
    await start.close()
    const posted: string[] = []
    const state = { isWriting: true }
    const writing = Promise.all(
      clients.map(async (caller) => {
        for (let count = 0; count < 12; count += 1) posted.push(await post(caller, 'one of many'))
      }),
    ).finally(() => Object.assign(state, { isWriting: false }))
    const heard: string[] = []
    for (let turn = 0; state.isWriting || heard.length < posted.length; turn += 1) {
      const stream = await followEvents((turn % 2 === 0 ? other : room.api).url, tokens.student, { lastId })
      expect((await stream.next())?.event).toBe('ready')
      for (let frames = 0; frames <= turn % 3; frames += 1) {
        const frame = await Promise.race([stream.next(), new Promise<null>((resolve) => setTimeout(resolve, 400, null))])
        if (frame === null) break
        heard.push(...changesIn(frame.data).flatMap(({ subjectId }) => subjectId ?? []))
      }
      lastId = stream.lastId()
      await stream.close()
    }
    await writing
    expect(heard.toSorted()).toEqual(posted.toSorted())
  }, 60_000)

  test.each([
    ['that was never ours', 'nonsense'],
    ['of yesterday and before', '1000/5:5:'],
    ['of another database', `${Date.now()}/900000000000:900000000000:`],
  ])('an id %s is answered by a reset, and a stream that goes on', async (_, lastId) => {
    const stream = await followEvents(other.url, tokens.student, { lastId })
    expect((await stream.next())?.event).toBe('reset')
    const id = await post(room.teacher, 'after the reset')
    expect(await changesUntil(stream, isAbout(id))).toMatchObject([{ subjectId: id }])
    await stream.close()
  })

  test('heartbeats move the id on, so that a quiet client can come back after long', async () => {
    const stream = await follow(tokens.guardian)
    const from = stream.lastId()
    await post(room.teacher, 'not the guardian’s')
    const id = await post(room.teacher, 'the guardian’s', guardianChannelId)
    await changesUntil(stream, isAbout(id))
    expect(stream.lastId()).not.toBe(from)
    await stream.close()
  })
})

test('one person may follow so many streams, whichever sessions they come by, and a closed one gives its place back', async () => {
  const { token } = await signIn(room.api.deps.app, room.district.districtId, room.district.teacherId)
  const open = [await follow(tokens.teacher), await follow(token), await follow(token)]
  expect((await followEvents(other.url, token)).status).toBe(429)
  for (const stream of open) await stream.close()
  await expect
    .poll(async () => {
      const stream = await followEvents(other.url, token)
      await stream.close()
      return stream.status
    })
    .toBe(200)
})

test('streams end when the process is asked to stop', async () => {
  const closing = new AbortController()
  const leaving = await startApi(room.database, { keys: room.api.deps.keys, closing: closing.signal })
  const stream = await follow(tokens.student, leaving)
  closing.abort()
  expect(await stream.rest()).toEqual([])
  await leaving.close()
})

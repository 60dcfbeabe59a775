import { setTimeout as wait } from 'node:timers/promises'
import { v4 as randomId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExplanationView } from '../../api/schemas/explanationSchema.ts'
import type { RosterEventView } from '../../api/schemas/rosterEventSchema.ts'
import type { EventType } from '../../domain/roster/rosterEvents.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { withoutRequestId, type ApiAnswer } from '../support/callApi.ts'
import { zipFiles } from '../support/feedFiles.ts'
import { readFeed } from '../support/readFeed.ts'
import type { FeedRows } from '../support/rosterRoom.ts'
import { section, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'

let county: RosterCounty
beforeAll(async () => {
  county = await openRosterCounty()
})
afterAll(() => county?.close())

const root = { id: 'root', role: 'staff' } as const
const isOf = (row: RosterRow, id: string): boolean => 'sourcedId' in row && row.sourcedId === id
const reach = (town: RosterTown) => county.room.reach(town.districtId)
const sync = (town: RosterTown, rows: FeedRows) => county.room.sync(town.districtId, { rows })
/** The feed of a town of which the administrator is a line. */
const rowsOf = (spec: DistrictSpec): FeedRows => toFeedRows({ ...spec, people: [...spec.people, root] })
const send = (town: RosterTown, type: EventType, action: string, data: object): Promise<ApiAnswer<RosterEventView>> =>
  town.administrator('POST', town.path, { id: randomId(), type, action, occurredAt: new Date().toISOString(), data })
const explain = async (town: RosterTown, actor: string, target: string): Promise<ExplanationView> => {
  const query = new URLSearchParams({ actor: await town.idOf(actor), target: await town.idOf(target) })
  const { status, body } = await town.administrator<ExplanationView>('GET', `/v1/access/explain?${query.toString()}`)
  expect(status).toBe(200)
  return body
}
/** The channel of somebody, opened by whoever stands as their teacher. */
const open = async (town: RosterTown, teacher: string, studentId: string, guardianId?: string) => {
  const call = await town.callAs(teacher)
  const answer = await call<{ id: string }>('POST', '/v1/channels', {
    studentId: await town.idOf(studentId),
    ...(guardianId === undefined ? {} : { guardianId: await town.idOf(guardianId) }),
  })
  expect(answer.status).toBe(201)
  return answer.body.id
}
const readAs = async (town: RosterTown, who: string, channelId: string): Promise<number> =>
  (await (await town.callAs(who))('GET', `/v1/channels/${channelId}/messages`)).status
const withoutSeat = (spec: DistrictSpec, ...ids: string[]): DistrictSpec => ({
  ...spec,
  seats: spec.seats.filter(({ id }) => !ids.includes(id)),
})

/** A file of a feed as CSV. */
const toFile = (columns: string, lines: string[]): string => [`sourcedId,status,dateLastModified,${columns}`, ...lines, ''].join('\n')

/** `math` and `art` are of the one school, `band` of the other. */
const inTwoSchools = (of: DistrictSpec): FeedRows => {
  const rows = rowsOf(of)
  return {
    ...rows,
    orgs: ['s', 's2'].map((sourcedId) => ({ kind: 'org', sourcedId, name: sourcedId, type: 'school' })),
    classes: of.sections.map((id) => ({ ...section(id), schoolSourcedId: id === 'band' ? 's2' : 's' }) as RosterRow),
    roles: [
      ...(rows.roles ?? []),
      { ...(rows.roles ?? []).find((row) => isOf(row, 'r-kid')), sourcedId: 'r-kid-2', orgSourcedId: 's2' } as RosterRow,
    ],
  }
}

describe('ids that differ only in case or in leading zeros', () => {
  const teachers = ['7', '07', 'Kim']
  const students = ['kim', 'KIM', '007', '0007']
  const sections = ['0', '00', 'art', 'Art']
  /** Who sits where: each teacher and each student is somebody else, in a section of their own. */
  const seats = [
    ['e1', '7', '0', 'teacher'],
    ['E1', '07', '00', 'teacher'],
    ['1', 'Kim', 'art', 'teacher'],
    ['01', 'kim', '0', 'student'],
    ['001', 'KIM', '00', 'student'],
    ['x', '007', 'art', 'student'],
    ['X', '0007', 'Art', 'student'],
  ] as const
  const all = ['07>KIM about KIM', '7>kim about kim', '7>mum about kim', 'Kim>007 about 007', 'Kim>Mum about 007'].toSorted()

  /** As a feed has it, read by the reader of feeds. */
  const read = async (left: readonly (readonly [string, string, string, string])[] = seats): Promise<FeedRows> => {
    const zip = await zipFiles({
      orgs: toFile('name,type', ['s,,,School,school']),
      academicSessions: toFile('title,type,startDate,endDate,schoolYear', ['t,,,Term,term,2000-01-01,2999-01-01,2031']),
      courses: toFile('title', ['c,,,Course']),
      classes: toFile(
        'title,courseSourcedId,schoolSourcedId,termSourcedIds',
        sections.map((id) => `${id},,,Section,c,s,t`),
      ),
      users: toFile('enabledUser,givenName,familyName,agentSourcedIds,metadata.custody', [
        ...['root', ...teachers, 'KIM', '0007'].map((id) => `${id},,,true,Given,Family,,`),
        'kim,,,true,Given,Family,mum,',
        '007,,,true,Given,Family,Mum,',
        ...['mum', 'Mum'].map((id) => `${id},,,true,Given,Family,,yes`),
      ]),
      roles: toFile('userSourcedId,roleType,role,orgSourcedId', [
        'r,,,root,primary,principal,s',
        ...teachers.map((id) => `r${id},,,${id},primary,teacher,s`),
        ...students.map((id) => `r${id},,,${id},primary,student,s`),
        ...['mum', 'Mum'].map((id) => `r${id},,,${id},primary,parent,s`),
      ]),
      enrollments: toFile(
        'classSourcedId,schoolSourcedId,userSourcedId,role',
        left.map(([id, user, of, role]) => `${id},,,${of},s,${user},${role}`),
      ),
    })
    const lines = await readFeed(zip, { custody: { column: 'metadata.custody', permitted: ['yes'], denied: ['no'] } })
    expect(lines.flatMap(({ rejects }) => rejects)).toEqual([])
    const rows: Partial<Record<string, RosterRow[]>> = {}
    for (const line of lines) (rows[line.file] ??= []).push(...line.rows)
    return rows
  }
  const addTown = async (): Promise<RosterTown> => {
    const town = await county.addTown({ people: [], sections: [], seats: [] })
    await sync(town, await read())
    expect(await reach(town)).toEqual(all)
    return town
  }

  test('are different people, sections and enrollments of a feed, and a feed that loses one of them ends that one', async () => {
    const town = await addTown()
    expect(await sync(town, await read())).toMatchObject({ outcome: 'unchanged' })
    const ended = await sync(town, await read(seats.filter(([id]) => id !== 'E1' && id !== '01')))
    expect(ended).toMatchObject({ outcome: 'applied', endings: 3 })
    expect(await reach(town)).toEqual(['Kim>007 about 007', 'Kim>Mum about 007'])
  })

  test('are different in an event: it ends or changes the one that it names', async () => {
    const town = await addTown()
    expect(await send(town, 'enrollments', 'deleted', { sourcedId: 'e1' })).toMatchObject({ status: 200, body: { outcome: 'applied' } })
    expect(await reach(town)).toEqual(all.filter((channel) => !channel.startsWith('7>')))
    await send(town, 'guardianships', 'deleted', { student: { sourcedId: '007' }, guardian: { sourcedId: 'Mum' } })
    expect(await reach(town)).toEqual(['07>KIM about KIM', 'Kim>007 about 007'])
    await send(town, 'users', 'deleted', { sourcedId: 'KIM' })
    expect(await reach(town)).toEqual(['Kim>007 about 007'])
    await send(town, 'classes', 'deleted', { sourcedId: 'Art' })
    expect(await reach(town)).toEqual(['Kim>007 about 007'])
    await send(town, 'classes', 'deleted', { sourcedId: 'art' })
    expect(await reach(town)).toEqual([])
  })

  test('of nobody’s are nobody: an event about an id that only looks like one of the roster changes nothing', async () => {
    const town = await addTown()
    for (const [type, sourcedId] of [
      ['enrollments', 'e01'],
      ['users', 'MUM'],
      ['classes', '000'],
      ['academicSessions', 'T'],
    ] as const)
      expect((await send(town, type, 'deleted', { sourcedId })).status).toBe(200)
    expect(await reach(town)).toEqual(all)
  })

  test('are told apart in an explanation, which names the rows of the one and of nobody else', async () => {
    const town = await addTown()
    await send(town, 'enrollments', 'deleted', { sourcedId: '001' })
    expect(await explain(town, '7', 'kim')).toMatchObject({ mayConverse: true, endedAt: null })
    expect(await explain(town, '7', 'KIM')).toMatchObject({ mayConverse: false, reasons: [{ reason: 'nothing-in-common' }] })
    const parted = await explain(town, '07', 'KIM')
    expect(parted).toMatchObject({
      mayConverse: false,
      reasons: [{ reason: 'enrollment-removed' }],
      endedBy: { origin: { cause: 'event' } },
    })
    const named = parted.because.map(({ sourcedId }) => sourcedId)
    expect(named).toEqual(expect.arrayContaining(['07', 'KIM', '00', 'E1', '001']))
    for (const other of ['7', 'kim', '0', 'e1', '01', '1']) expect(named).not.toContain(other)
  })
})

test('a guardian of students in two districts is somebody else in each: what ends in one leaves the other, which neither shows', async () => {
  const family: DistrictSpec = {
    people: [
      { id: 'ana', role: 'teacher' },
      { id: 'kid', role: 'student' },
      { id: 'mum', role: 'guardian', custody: 'permitted', agents: ['kid'] },
    ],
    sections: ['math'],
    seats: [
      { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
      { id: 'e2', user: 'kid', section: 'math', role: 'student' },
    ],
  }
  const [east, west] = [await county.addTown(family), await county.addTown(family)]
  const [inEast, inWest] = [await open(east, 'ana', 'kid', 'mum'), await open(west, 'ana', 'kid', 'mum')]
  const mumOfEast = await east.callAs('mum')
  const { body: seen } = await mumOfEast<{ items: { id: string }[] }>('GET', '/v1/channels')
  expect(seen.items.map(({ id }) => id)).toEqual([inEast])
  const foreign = await mumOfEast('GET', `/v1/channels/${inWest}/messages`)
  const absent = await mumOfEast('GET', `/v1/channels/${randomId()}/messages`)
  expect(foreign.status).toBe(404)
  expect(withoutRequestId(foreign.body)).toBe(withoutRequestId(absent.body))

  await send(east, 'guardianships', 'deleted', { student: { sourcedId: 'kid' }, guardian: { sourcedId: 'mum' } })
  expect([await readAs(east, 'mum', inEast), await readAs(west, 'mum', inWest)]).toEqual([404, 200])
  // Gone from the one feed with her account, she is still who she was in the other.
  await sync(east, rowsOf({ ...family, people: family.people.filter(({ id }) => id !== 'mum') }))
  expect([await reach(east), await reach(west)]).toEqual([['ana>kid about kid'], ['ana>kid about kid', 'ana>mum about kid']])
  expect((await mumOfEast('GET', '/v1/channels')).status).toBe(401)
  expect(await readAs(west, 'mum', inWest)).toBe(200)
})

describe('a student in two schools', () => {
  const spec: DistrictSpec = {
    people: [
      { id: 'ana', role: 'teacher' },
      { id: 'bo', role: 'teacher' },
      { id: 'cy', role: 'teacher' },
      { id: 'kid', role: 'student', agents: ['mum'] },
      { id: 'mum', role: 'guardian', custody: 'permitted' },
    ],
    sections: ['math', 'art', 'band'],
    seats: [
      { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
      { id: 'e2', user: 'cy', section: 'art', role: 'teacher' },
      { id: 'e3', user: 'bo', section: 'band', role: 'teacher' },
      { id: 'e4', user: 'kid', section: 'math', role: 'student' },
      { id: 'e5', user: 'kid', section: 'band', role: 'student' },
    ],
  }
  const moved: DistrictSpec = {
    ...spec,
    seats: spec.seats.map((seat) => (seat.id === 'e4' ? { ...seat, section: 'art' } : seat)),
  }
  const ofBo = ['bo>kid about kid', 'bo>mum about kid']
  const addTown = async (): Promise<RosterTown> => {
    const town = await county.addTown({ people: [], sections: [], seats: [] })
    await sync(town, inTwoSchools(spec))
    expect(await reach(town)).toEqual(['ana>kid about kid', 'ana>mum about kid', ...ofBo])
    return town
  }

  test('whom a feed moves within the one keeps the teacher of the other all the while', async () => {
    const town = await addTown()
    const channel = await open(town, 'bo', 'kid')
    const bo = await town.callAs('bo')
    const over = { is: false }
    const read = async (): Promise<number[]> => {
      const seen: number[] = []
      for (; !over.is; await wait(1)) seen.push((await bo('GET', `/v1/channels/${channel}/messages`)).status)
      return seen
    }
    const reading = read()
    const endings: number[] = []
    try {
      for (const feed of [moved, spec, moved]) endings.push((await sync(town, inTwoSchools(feed))).endings)
    } finally {
      over.is = true
    }
    const seen = await reading
    expect(endings).toEqual([2, 2, 2])
    expect(new Set(seen)).toEqual(new Set([200]))
    expect(await reach(town)).toEqual([...ofBo, 'cy>kid about kid', 'cy>mum about kid'])
  })

  test('who leaves the one, by a feed or by an event, keeps the other, and is not signed out', async () => {
    const town = await addTown()
    const channel = await open(town, 'bo', 'kid')
    expect(await sync(town, inTwoSchools(withoutSeat(spec, 'e4')))).toMatchObject({ outcome: 'applied', endings: 2 })
    expect(await reach(town)).toEqual(ofBo)
    expect([await readAs(town, 'bo', channel), await readAs(town, 'kid', channel)]).toEqual([200, 200])
    const back = await addTown()
    await send(back, 'enrollments', 'deleted', { sourcedId: 'e4' })
    expect(await reach(back)).toEqual(ofBo)
  })

  test('keeps the one when the other school is gone from the feed with all of its sections', async () => {
    const town = await addTown()
    const rows = inTwoSchools({ ...withoutSeat(spec, 'e3', 'e5'), sections: ['math', 'art'] })
    await sync(town, {
      ...rows,
      orgs: (rows.orgs ?? []).filter((row) => !isOf(row, 's2')),
      roles: (rows.roles ?? []).filter((row) => !isOf(row, 'r-kid-2')),
    })
    expect(await reach(town)).toEqual(['ana>kid about kid', 'ana>mum about kid'])
  })
})

describe('somebody who is both teacher and guardian', () => {
  const spec: DistrictSpec = {
    people: [
      { id: 'ana', role: 'teacher' },
      { id: 'pat', role: 'teacher', custody: 'permitted', agents: ['child'] },
      { id: 'child', role: 'student' },
      { id: 'pupil', role: 'student' },
    ],
    sections: ['math', 'art'],
    seats: [
      { id: 'e1', user: 'ana', section: 'math', role: 'teacher' },
      { id: 'e2', user: 'child', section: 'math', role: 'student' },
      { id: 'e3', user: 'pat', section: 'art', role: 'teacher' },
      { id: 'e4', user: 'pupil', section: 'art', role: 'student' },
    ],
  }
  const parentToo: RosterRow = {
    kind: 'role',
    sourcedId: 'r-pat-2',
    userSourcedId: 'pat',
    orgSourcedId: 's',
    role: 'guardian',
    begins: null,
    ends: null,
  }
  const asParent = ({ roles = [], ...rows }: FeedRows): FeedRows => ({ ...rows, roles: [...roles, parentToo] })
  const addTown = async (): Promise<RosterTown> => {
    const town = await county.addTown({ people: [], sections: [], seats: [] })
    await sync(town, asParent(rowsOf(spec)))
    expect(await reach(town)).toEqual(['ana>child about child', 'ana>pat about child', 'pat>pupil about pupil'])
    return town
  }

  test('writes as the one with their own students and as the other about their own child, and each of the two is read by whom it concerns', async () => {
    const town = await addTown()
    const [teaching, asked] = [await open(town, 'pat', 'pupil'), await open(town, 'ana', 'child', 'pat')]
    const pat = await town.callAs('pat')
    const { body } = await pat<{ items: { id: string }[] }>('GET', '/v1/channels')
    expect(body.items.map(({ id }) => id).toSorted()).toEqual([teaching, asked].toSorted())
    for (const id of [teaching, asked]) expect((await pat('POST', `/v1/channels/${id}/messages`, { text: 'Hello' })).status).toBe(201)
    expect([await readAs(town, 'pupil', teaching), await readAs(town, 'ana', asked)]).toEqual([200, 200])
    expect([await readAs(town, 'ana', teaching), await readAs(town, 'pupil', asked), await readAs(town, 'child', asked)]).toEqual([
      404, 404, 404,
    ])
    // They are no teacher of their child's, so they open nothing with the child.
    expect((await pat('POST', '/v1/channels', { studentId: await town.idOf('child') })).status).toBe(404)
  })

  test('stays the guardian when they no longer teach, and the teacher when they are no longer the guardian', async () => {
    const town = await addTown()
    const [teaching, asked] = [await open(town, 'pat', 'pupil'), await open(town, 'ana', 'child', 'pat')]
    await send(town, 'guardianships', 'deleted', { student: { sourcedId: 'child' }, guardian: { sourcedId: 'pat' } })
    expect([await readAs(town, 'pat', teaching), await readAs(town, 'pat', asked)]).toEqual([200, 404])
    await sync(town, asParent(rowsOf(withoutSeat(spec, 'e3'))))
    expect([await readAs(town, 'pat', teaching), await readAs(town, 'pat', asked)]).toEqual([404, 200])
    // By a feed: the line that says that they teach goes, and the one that says that they are a parent stays.
    const { roles = [], ...rows } = asParent(rowsOf(withoutSeat(spec, 'e3')))
    await sync(town, { ...rows, roles: roles.filter((row) => !isOf(row, 'r-pat')) })
    expect(await reach(town)).toEqual(['ana>child about child', 'ana>pat about child'])
    expect(await readAs(town, 'pat', asked)).toBe(200)
  })
})

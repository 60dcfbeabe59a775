import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { connectProvider } from '../../db/roster/connectProvider.ts'
import { settleRemovals } from '../../db/roster/settleRemovals.ts'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { present } from '../support/present.ts'
import { openRosterRoom, type FeedRows, type RosterRoom } from '../support/rosterRoom.ts'
import { term, toFeedRows, type DistrictSpec } from '../support/rosterRows.ts'

let room: RosterRoom
beforeAll(async () => {
  room = await openRosterRoom()
})
afterAll(() => room?.close())

/** What the roster says for good: nothing that a brake holds is gone from it. */
type Truth = { spec: DistrictSpec; isTermOver: boolean }

const all: Truth = {
  isTermOver: false,
  spec: {
    people: [
      { id: 'ana', role: 'teacher' },
      { id: 'bo', role: 'teacher' },
      { id: 'cora', role: 'staff' },
      { id: 'root', role: 'staff' },
      { id: 'kid', role: 'student' },
      { id: 'sis', role: 'student' },
      { id: 'mum', role: 'guardian', custody: 'permitted', agents: ['kid', 'sis'] },
    ],
    sections: ['art', 'math'],
    seats: [
      { id: 'm-ana', user: 'ana', section: 'math', role: 'teacher' },
      { id: 'm-kid', user: 'kid', section: 'math', role: 'student' },
      { id: 'm-sis', user: 'sis', section: 'math', role: 'student' },
      { id: 'a-ana', user: 'ana', section: 'art', role: 'teacher' },
      { id: 'a-bo', user: 'bo', section: 'art', role: 'teacher' },
      { id: 'a-kid', user: 'kid', section: 'art', role: 'student' },
    ],
  },
}

const withoutPerson = ({ spec, ...rest }: Truth, gone: string): Truth => ({
  ...rest,
  spec: {
    ...spec,
    people: spec.people
      .filter(({ id }) => id !== gone)
      .map((of) => (of.agents === undefined ? of : { ...of, agents: of.agents.filter((id) => id !== gone) })),
    seats: spec.seats.filter(({ user }) => user !== gone),
  },
})
const withoutSection = ({ spec, ...rest }: Truth, gone: string): Truth => ({
  ...rest,
  spec: {
    ...spec,
    sections: spec.sections.filter((id) => id !== gone),
    seats: spec.seats.filter(({ section }) => section !== gone),
  },
})
const withoutSeats = ({ spec, ...rest }: Truth, isGone: (seat: DistrictSpec['seats'][number]) => boolean): Truth => ({
  ...rest,
  spec: { ...spec, seats: spec.seats.filter((seat) => !isGone(seat)) },
})

/** Feeds that say less than is true, by enough for the brake. */
const broken = {
  'without the seats of a section': (truth) => withoutSeats(truth, ({ section }) => section === 'math'),
  'without the seats of a teacher': (truth) => withoutSeats(truth, ({ user }) => user === 'ana'),
  'without a student': (truth) => withoutPerson(truth, 'kid'),
  'without a guardian': (truth) => withoutPerson(truth, 'mum'),
  'without a section': (truth) => withoutSection(truth, 'math'),
  'with a term that is over': (truth) => ({ ...truth, isTermOver: true }),
} satisfies Record<string, (truth: Truth) => Truth>
type Broken = keyof typeof broken

/** Single changes, which somebody meant. */
const events = {
  'a seat': { file: 'enrollments', id: 'm-kid', end: (truth) => withoutSeats(truth, ({ id }) => id === 'm-kid') },
  'another seat': { file: 'enrollments', id: 'a-kid', end: (truth) => withoutSeats(truth, ({ id }) => id === 'a-kid') },
  'the teacher’s seat': { file: 'enrollments', id: 'm-ana', end: (truth) => withoutSeats(truth, ({ id }) => id === 'm-ana') },
  'a student': { file: 'users', id: 'kid', end: (truth) => withoutPerson(truth, 'kid') },
  'a guardian': { file: 'users', id: 'mum', end: (truth) => withoutPerson(truth, 'mum') },
  'a section': { file: 'classes', id: 'math', end: (truth) => withoutSection(truth, 'math') },
  'the term': { file: 'academicSessions', id: 't', end: (truth) => ({ ...truth, isTermOver: true }) },
} satisfies Record<string, { file: TakenFile; id: string; end: (truth: Truth) => Truth }>
type Event = keyof typeof events

const endings = ['approving', 'discarding', 'a whole feed', 'the same feed, then discarding', 'the same feed, then approving'] as const
type Ending = (typeof endings)[number]

/** By the plain words of the rule: who shares a section of a running term, and whom the district connected; and their guardians. */
const reachOf = ({ spec: { people, seats }, isTermOver }: Truth): Set<string> => {
  if (isTermOver) return new Set()
  const isThere = (wanted: string): boolean => people.some(({ id }) => id === wanted)
  const pairs = seats
    .filter(({ role }) => role === 'student')
    .flatMap((of) => seats.filter((at) => at.role === 'teacher' && at.section === of.section).map((at) => [at.user, of.user] as const))
  if (isThere('cora') && isThere('kid')) pairs.push(['cora', 'kid'])
  const guardians = (child: string) => people.filter(({ agents = [] }) => agents.includes(child)).map(({ id }) => id)
  return new Set(pairs.flatMap(([by, child]) => [child, ...guardians(child)].map((to) => `${by}>${to} about ${child}`)))
}

const toRows = ({ spec, isTermOver }: Truth): FeedRows => ({
  ...toFeedRows(spec),
  academicSessions: [isTermOver ? term('t', '2000-01-01', '2001-01-01') : term('t')],
})

/** Everything that happens to one district, and what of it is true for good; the endings of each channel, counted. */
const openStory = async () => {
  const district = await room.addDistrict({ percent: 10, rows: 1 })
  await room.sync(district, { rows: toRows(all) })
  await connectCora(district)
  let truth = all
  const ended = new Map<string, number>()
  const become = (next: Truth): void => {
    const after = reachOf(next)
    for (const channel of reachOf(truth)) if (!after.has(channel)) ended.set(channel, (ended.get(channel) ?? 0) + 1)
    truth = next
  }
  const tell = async (names: readonly Event[]): Promise<void> => {
    for (const name of names) {
      const { file, id, end } = events[name]
      await room.event(district, { file, rows: [{ kind: 'removal', sourcedId: id }] })
      become(end(truth))
    }
  }
  return {
    district,
    truth: () => truth,
    become,
    tell,
    send: (next: Truth) => room.sync(district, { rows: toRows(next) }),
    receipts: () => receiptsOf(district),
    expected: () => byName([...ended]),
  }
}

const byName = (counts: [string, number][]): [string, number][] => counts.toSorted(([one], [other]) => (one < other ? -1 : 1))

const connectCora = async (district: string): Promise<void> => {
  const { rows } = await room.test.superuser.query<{ id: string }>(
    `select id from users where district_id = $1 and sourced_id in ('cora', 'kid', 'root') order by sourced_id`,
    [district],
  )
  const [cora, kid, root] = rows.map(({ id }) => id)
  const connection = { providerId: present(cora), studentId: present(kid), authorId: present(root), ends: '2999-01-01' }
  expect(await withDistrict(room.app, district, (tx) => connectProvider(tx, connection))).toMatchObject({ outcome: 'connected' })
}

const receiptsOf = async (district: string): Promise<[string, number][]> => {
  const { rows } = await room.test.superuser.query<{ channel: string; count: string }>(
    `select t.sourced_id || '>' || p.sourced_id || ' about ' || s.sourced_id as channel, count(*) as count from access_endings e
     join users t on t.id = e.teacher_id join users p on p.id = e.participant_id join users s on s.id = e.student_id
     where e.district_id = $1 group by 1`,
    [district],
  )
  return byName(rows.map(({ channel, count }) => [channel, Number(count)]))
}

const decide = async (district: string, syncId: string, decision: 'approving' | 'discarding'): Promise<void> => {
  await room.test.superuser.query(
    `update roster_syncs set state = 'partly-applied', removals = $2 where id = $1 and removals is distinct from 'lifted'`,
    [syncId, decision],
  )
  await withDistrict(room.app, district, (tx) => settleRemovals(tx, syncId, toSettlingStart('roster')))
}

type Plot = { before: readonly Event[]; hold: Broken; meanwhile: readonly Event[]; ending: Ending; after: readonly Event[] }

const tellStory = async ({ before, hold, meanwhile, ending, after }: Plot) => {
  const story = await openStory()
  await story.tell(before)
  const { syncId } = await story.send(broken[hold](story.truth()))
  const isHeld = (await room.test.superuser.query('select 1 from suspensions where sync_id = $1', [syncId])).rowCount !== 0
  // Too few to be held, since events ended the rest: they are gone.
  if (!isHeld) story.become(broken[hold](story.truth()))
  expect((await room.reach(story.district)).toSorted()).toEqual([...reachOf(broken[hold](story.truth()))].toSorted())
  await story.tell(meanwhile)
  if (ending.startsWith('the same feed')) await story.send(broken[hold](story.truth()))
  if (ending === 'a whole feed') await story.send(story.truth())
  else {
    const decision = ending.endsWith('approving') ? 'approving' : 'discarding'
    await decide(story.district, syncId, decision)
    if (decision === 'approving') story.become(broken[hold](story.truth()))
  }
  await story.tell(after)
  return story
}

const expectReceipts = async (plot: Plot): Promise<void> => {
  const story = await tellStory(plot)
  expect((await room.reach(story.district)).toSorted()).toEqual([...reachOf(story.truth())].toSorted())
  expect(await story.receipts()).toEqual(story.expected())
}

describe('exactly one receipt for each access that ended for good', () => {
  const names = Object.keys(broken) as Broken[]
  test.each(
    (['a section', 'a guardian', 'the term'] as const).flatMap((event) =>
      (['approving', 'discarding'] as const).map((ending) => [event, ending] as const),
    ),
  )('when a feed without the seats of a section is held, an event ends %s, and what is held is settled by %s', (event, ending) =>
    expectReceipts({ before: [], hold: 'without the seats of a section', meanwhile: [event], ending, after: [] }),
  )

  test('whatever ends it, before, while and after a brake holds it', async () => {
    const some = fc.uniqueArray(fc.constantFrom(...(Object.keys(events) as Event[])), { maxLength: 2 })
    const plot: fc.Arbitrary<Plot> = fc.record({
      before: some,
      hold: fc.constantFrom(...names),
      meanwhile: some,
      ending: fc.constantFrom(...endings),
      after: some,
    })
    await fc.assert(fc.asyncProperty(plot, expectReceipts), { numRuns: 8 })
  }, 120_000)
})

test('a term that an event ends leaves a receipt for whom the district alone had connected', async () => {
  const story = await openStory()
  await story.tell(['the term'])
  expect((await story.receipts()).map(([channel]) => channel)).toContain('cora>kid about kid')
  expect(await story.receipts()).toEqual(story.expected())
})

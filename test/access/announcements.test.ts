import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDistrict, type Database, type DistrictTransaction } from '../../db/openDatabase.ts'
import { countDelivery } from '../../db/queries/countDelivery.ts'
import { findAnnouncement } from '../../db/queries/findAnnouncement.ts'
import { listAnnouncements } from '../../db/queries/listAnnouncements.ts'
import { liveRecipients } from '../../db/queries/liveSection.ts'
import { findRows } from '../../db/rows.ts'
import { recipientKinds, type RecipientKind } from '../../domain/announcement.ts'
import { decideScope, listTeachers } from '../../domain/roster/decideScope.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { loadWorld, type LoadedWorld } from './loadWorld.ts'
import { worlds } from './world.ts'

let database: TestDatabase
let app: Database

beforeAll(async () => {
  database = await createTestDatabase()
  app = await database.open('app', 2)
})
afterAll(() => database?.close())

type Said = { id: string; sectionId: string; authorId: string; recipients: RecipientKind }
type Seen = { id: string; standing: string; isForSelf: boolean; childIds: string[] }

/** In each section, of everybody who ever taught there and of somebody who never did: one of each kind. */
const saySomething = async (world: LoadedWorld): Promise<Said[]> => {
  const { facts } = world
  const said = facts.sections.flatMap(({ id: sectionId }) => {
    const everTaught = facts.enrollments.filter((row) => row.sectionId === sectionId && row.role === 'teacher').map(({ userId }) => userId)
    const authors = [...new Set([...everTaught, ...world.people.slice(0, 1)])]
    return authors.flatMap((authorId) => recipientKinds.map((recipients) => ({ id: newId(), sectionId, authorId, recipients })))
  })
  const rows = said.map(({ id, sectionId, authorId, recipients }, place) => ({
    id,
    section_id: sectionId,
    author_id: authorId,
    recipients,
    seq: place + 1,
  }))
  await database.superuser.query(
    `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
     select $1, id, section_id, seq, author_id, recipients, '\\x00', 1, current_date, true, now() + seq * interval '1 millisecond'
     from jsonb_to_recordset($2::jsonb) as row(id uuid, section_id uuid, author_id uuid, recipients text, seq int)`,
    [world.districtId, JSON.stringify(rows)],
  )
  return said
}

/** By the rule: what a person sees of all that was said. */
const toWanted = ({ facts }: LoadedWorld, said: readonly Said[]): Map<string, Seen[]> => {
  const seen = new Map<string, Seen[]>()
  for (const one of said) {
    const teachers = listTeachers(facts, one.sectionId)
    if (!teachers.includes(one.authorId)) continue
    const scope = new Map(decideScope(facts, one).map((recipient) => [recipient.userId, recipient]))
    for (const userId of new Set([...teachers, ...scope.keys()])) {
      const { isStudent = false, childIds = [] } = scope.get(userId) ?? {}
      const standing = teachers.includes(userId) ? 'teacher' : 'participant'
      seen.set(userId, [...(seen.get(userId) ?? []), { id: one.id, standing, isForSelf: isStudent, childIds }])
    }
  }
  return seen
}

const listFor = async (tx: DistrictTransaction, actorId: string): Promise<Seen[]> =>
  (await listAnnouncements(tx, { actorId, limit: 1_000 })).map(({ id, standing, isForSelf, childIds }) => ({
    id,
    standing,
    isForSelf,
    childIds: childIds.toSorted(),
  }))

const byId = (seen: readonly Seen[]): Seen[] => seen.toSorted((one, other) => (one.id < other.id ? -1 : 1))

const tally = { announcements: 0, seen: 0, unseen: 0, forChildren: 0 }

/** Each look is a transaction of its own, as a request is. */
const compare = async (world: LoadedWorld, said: readonly Said[]): Promise<void> => {
  const wanted = toWanted(world, said)
  const look = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> => readDistrict(app, world.districtId, work)
  for (const actorId of world.people) {
    const found = byId(await look((tx) => listFor(tx, actorId)))
    expect({ actorId, found }).toEqual({ actorId, found: byId(wanted.get(actorId) ?? []) })
    tally.seen += found.length
    tally.unseen += said.length - found.length
    tally.forChildren += found.filter(({ childIds }) => childIds.length > 0).length
  }
  for (const one of said.filter((_, place) => place % 8 === 0)) {
    const scope = decideScope(world.facts, one).map(({ userId }) => userId)
    expect(await look((tx) => listReceiving(tx, one.id))).toEqual(scope)
    for (const actorId of [...world.people.slice(0, 2), ...world.people.slice(5, 8)]) {
      const standing = wanted.get(actorId)?.find(({ id }) => id === one.id)?.standing ?? 'none'
      const ref = { announcementId: one.id, actorId }
      const { facts, counted } = await look(async (tx) => ({
        facts: await findAnnouncement(tx, ref),
        counted: await countDelivery(tx, ref),
      }))
      expect({ actorId, standing: facts?.standing ?? 'none', canSee: counted?.canSee ?? null }).toEqual({
        actorId,
        standing,
        canSee: standing === 'teacher' ? scope.length : null,
      })
    }
  }
  tally.announcements += said.length
}

const listReceiving = async ({ db, districtId }: DistrictTransaction, announcementId: string): Promise<string[]> =>
  (
    await findRows(
      db,
      sql<{ userId: string }>`
        select recipient.user_id as "userId" from announcements n cross join lateral ${liveRecipients(districtId, 'n')} recipient
        where n.district_id = ${districtId} and n.id = ${announcementId} order by recipient.user_id`,
    )
  ).map(({ userId }) => userId)

/** A zone in which no midnight falls into this test. */
const findZone = async (): Promise<string> => {
  const { rows } = await database.superuser.query<{ zone: string }>(
    `select zone from unnest(array['America/Denver', 'Pacific/Kiritimati']) zone where (now() at time zone zone)::time < '23:20' limit 1`,
  )
  return rows[0]?.zone ?? ''
}

/** Random rosters show something to many, or to few: rounds go on until there was enough to compare. */
const roundsMax = 8
const isTooLittle = (): boolean => tally.seen <= 200 || tally.unseen <= 200 || tally.forChildren <= 20

test(
  'the pure rule and the SQL of the application’s role agree on who sees what of every announcement, in every random roster',
  { retry: 0, timeout: 300_000 },
  async () => {
    const seed = randomInt(2 ** 31)
    const zone = await findZone()
    const property = fc.asyncProperty(worlds, async (one) => {
      // Announcements are on where messaging is.
      const announcing = one.switches
        .filter(({ feature }) => feature === 'messaging')
        .map((each) => ({ ...each, feature: 'announcements' as const }))
      const world = await loadWorld(database, { ...one, switches: [...one.switches, ...announcing] }, zone)
      await compare(world, await saySomething(world))
    })
    let round = 0
    for (; round < roundsMax && (round === 0 || isTooLittle()); round += 1)
      await fc.assert(property, { seed: seed + round, numRuns: 5, endOnFailure: true })
    process.stdout.write(`announcements in random rosters: ${JSON.stringify({ seed, rounds: round, ...tally })}\n`)
    expect(isTooLittle()).toBe(false)
  },
)

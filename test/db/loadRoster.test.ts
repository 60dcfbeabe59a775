import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash, randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import type { DistrictKeys } from '../../db/districtKeys.ts'
import { loadRoster } from '../../db/loadRoster.ts'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { findSession } from '../../db/queries/findSession.ts'
import { listRecipients } from '../../db/queries/listRecipients.ts'
import { mintSession } from '../../db/queries/mintSession.ts'
import type { RosterRows, UserRow } from '../../db/rosterRows.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

let test: TestDatabase
let app: Database
let districtKeys: DistrictKeys
let folder: string

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
  folder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  districtKeys = createDistrictKeys({ database: app, keyService: await openLocalKeyService(folder) })
})
afterAll(async () => {
  await test.close()
  await rm(folder, { recursive: true, force: true })
})

const createUser = (role: UserRow['role'], email: string | null): UserRow => {
  const id = newId()
  return { id, sourcedId: id, role, givenName: 'Ana', familyName: 'Ng', email, phone: null, preferredLanguage: 'es', active: true }
}

/** One teacher and many students, more rows than go into one statement. */
const createRoster = (studentCount: number): RosterRows => {
  const teacher = createUser('teacher', 'Teacher@Example.org')
  const students = Array.from({ length: studentCount }, () => createUser('student', null))
  const [schoolId, termId, courseId, sectionId] = [newId(), newId(), newId(), newId()]
  const enroll = (user: UserRow) => ({
    id: newId(),
    sourcedId: user.sourcedId,
    userId: user.id,
    sectionId,
    role: user.role === 'teacher' ? ('teacher' as const) : ('student' as const),
    begins: '2020-01-01' as const,
    ends: null,
  })
  return {
    district: { id: newId(), name: 'Sample', timeZone: 'America/Chicago' },
    schools: [{ id: schoolId, sourcedId: 's', name: 'School' }],
    terms: [{ id: termId, sourcedId: 't', title: 'Term', schoolYear: 2031, begins: '2020-01-01', ends: '2999-01-01' }],
    courses: [{ id: courseId, sourcedId: 'c', title: 'Course' }],
    sections: [{ id: sectionId, sourcedId: 'n', schoolId, courseId, termIds: [termId], title: 'Section' }],
    users: [teacher, ...students],
    enrollments: [teacher, ...students].map(enroll),
    guardianships: [],
  }
}

describe('loadRoster', () => {
  it('loads a whole roster, by which people then reach each other', async () => {
    const roster = createRoster(12_000)
    expect(await loadRoster({ database: app, districtKeys }, roster)).toBe(true)
    const teacherId = roster.users[0]?.id ?? ''
    const people = await withDistrict(app, roster.district.id, (tx) => listRecipients(tx, { teacherId, limit: 20_000 }))
    expect(people).toHaveLength(12_000)
  })

  it('seals e-mail addresses and finds them by their keyed hash, whatever their case', async () => {
    const roster = createRoster(1)
    await loadRoster({ database: app, districtKeys }, roster)
    const cipher = await districtKeys.forDistrict(roster.district.id)
    const { rows } = await test.superuser.query('select id, email from users where district_id = $1 and email_hash = $2', [
      roster.district.id,
      cipher.hashForLookup('teacher@example.org'),
    ])
    expect(rows).toHaveLength(1)
    expect(rows[0].email.includes('xample')).toBe(false)
    expect(cipher.openText({ table: 'users', rowId: rows[0].id, column: 'email' }, rows[0].email)).toBe('Teacher@Example.org')
  })

  it('loads once, also when two start at once', async () => {
    const roster = createRoster(3)
    const load = () => loadRoster({ database: app, districtKeys }, roster)
    expect((await Promise.all([load(), load()])).toSorted()).toEqual([false, true])
    expect(await load()).toBe(false)
  })

  it('leaves nothing of a roster that does not fit together, which may then be loaded mended', async () => {
    const roster = createRoster(3)
    const broken = { ...roster, sections: roster.sections.map((section) => ({ ...section, termIds: [newId()] })) }
    await expect(loadRoster({ database: app, districtKeys }, broken)).rejects.toThrow('foreign key')
    const { rowCount } = await test.superuser.query('select 1 from schools where district_id = $1', [roster.district.id])
    expect(rowCount).toBe(0)
    expect(await loadRoster({ database: app, districtKeys }, roster)).toBe(true)
  })
})

const hash = (token: Buffer): Buffer => createHash('sha256').update(token).digest()

describe('a session', () => {
  const by = { kind: 'staff', name: 'oncall' } as const

  const open = async (lifeSeconds = 60) => {
    const roster = createRoster(1)
    await loadRoster({ database: app, districtKeys }, roster)
    const auth = await test.open('auth', 1)
    const token = randomBytes(32)
    const [user] = roster.users
    const districtId = roster.district.id
    const userId = user?.id ?? ''
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

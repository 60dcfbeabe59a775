import { createHash, randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import type { ReachFacts } from '../../domain/roster/reachFacts.ts'
import type { TestDatabase } from '../support/database.ts'
import type { Interval, World } from './world.ts'

/** A world as a district of the database. `people[n]` is the id of the world's nth person; each has a session. */
export type LoadedWorld = {
  districtId: string
  people: string[]
  tokens: Map<string, string>
  administratorId: string
  facts: ReachFacts
  loadedAt: string
}

const plusDays = (day: string, days: number): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const plusDaysOrNull = (day: string, days: number | null): string | null => (days === null ? null : plusDays(day, days))

const idOf = (ids: string[], place: number): string => ids[place] ?? ''

/** The facts that the rule is given are the ones that are written to the tables. */
const toFacts = (world: World, day: string, schools: string[]): { facts: ReachFacts; people: string[] } => {
  const people = world.people.map(() => newId())
  const terms = world.terms.map(() => newId())
  const sections = world.sections.map(() => newId())
  const toInterval = (row: Interval) => ({
    id: newId(),
    begins: plusDaysOrNull(day, row.begins),
    ends: plusDaysOrNull(day, row.ends),
    isRemoved: row.isRemoved,
    isHeld: row.isHeld,
  })
  const facts: ReachFacts = {
    day,
    people: world.people.map(({ work, ...person }, place) => ({
      ...person,
      id: idOf(people, place),
      workDays: work.map(({ begins, ends, isHeld = false }) => ({
        begins: plusDaysOrNull(day, begins),
        ends: plusDaysOrNull(day, ends),
        isHeld,
      })),
    })),
    terms: world.terms.map((term, place) => ({
      ...term,
      id: idOf(terms, place),
      begins: plusDays(day, term.begins),
      ends: plusDays(day, term.ends),
    })),
    sections: world.sections.map(({ isActive, isHeld, school, terms: places }, place) => ({
      id: idOf(sections, place),
      isActive,
      isHeld,
      schoolId: idOf(schools, school),
      termIds: places.map((at) => idOf(terms, at)),
    })),
    enrollments: world.enrollments.map((row) => ({
      ...toInterval(row),
      userId: idOf(people, row.user),
      sectionId: idOf(sections, row.section),
      schoolId: idOf(schools, world.sections[row.section]?.school ?? 0),
      role: row.role,
    })),
    guardianships: world.guardianships.map((row) => ({
      ...toInterval(row),
      guardianId: idOf(people, row.guardian),
      studentId: idOf(people, row.student),
      custody: row.custody,
    })),
    connections: world.connections.map((row) => ({
      ...toInterval(row),
      providerId: idOf(people, row.provider),
      ...(row.student === null
        ? { studentId: null, sectionId: idOf(sections, row.section) }
        : { studentId: idOf(people, row.student), sectionId: null }),
    })),
    switches: world.switches.flatMap(({ feature, school, isOn }) =>
      isOn ? [{ feature, schoolId: school === null ? null : idOf(schools, school) }] : [],
    ),
  }
  return { facts, people }
}

const toVersions = ({ isRemoved }: { isRemoved: boolean }) => ({ since_version: 1, until_version: isRemoved ? 1 : null })

/** Writes a world as a district of its own, as superuser and in bulk. What was removed was removed in the version that is there. */
export const loadWorld = async ({ superuser }: TestDatabase, world: World, timeZone: string): Promise<LoadedWorld> => {
  const { rows } = await superuser.query<{ day: string }>(`select (statement_timestamp() at time zone $1)::date::text as day`, [timeZone])
  const schools = [newId(), newId()]
  const { facts, people } = toFacts(world, rows[0]?.day ?? '', schools)
  const [districtId, courseId, syncId, administratorId] = [newId(), newId(), newId(), newId()]
  const insert = async (table: string, columns: string, records: object[]): Promise<void> => {
    const names = columns.split(',').map((column) => column.trim().split(' ')[0])
    await superuser.query(
      `insert into ${table} (district_id, ${names.join(', ')}) select $1, ${names.join(', ')} from jsonb_to_recordset($2::jsonb) as row(${columns})`,
      [districtId, JSON.stringify(records)],
    )
  }
  await superuser.query(`insert into districts (id, kind, name, time_zone, roster_version) values ($1, 'district', 'World', $2, 1)`, [
    districtId,
    timeZone,
  ])
  await superuser.query(`insert into roster_versions (district_id, version, at, cause) values ($1, 1, now(), 'load')`, [districtId])
  await insert(
    'schools',
    'id uuid, sourced_id text, name text',
    schools.map((id, place) => ({ id, sourced_id: `s${place}`, name: 'School' })),
  )
  await insert(
    'feature_switches',
    'id uuid, feature text, school_id uuid, switched_on_at timestamptz, switched_off_at timestamptz',
    world.switches.map(({ feature, school, isOn }) => ({
      id: newId(),
      feature,
      school_id: school === null ? null : idOf(schools, school),
      switched_on_at: '2001-09-01T00:00:00Z',
      switched_off_at: isOn ? null : '2002-06-30T00:00:00Z',
    })),
  )
  await superuser.query(`insert into courses (district_id, id, sourced_id, title) values ($1, $2, 'c', 'Course')`, [districtId, courseId])
  const named = { given_name: 'Given', family_name: 'Family' }
  const administrator = { id: administratorId, role: 'staff', isActive: true, workDays: [{ begins: null, ends: null, isHeld: false }] }
  const users = [...facts.people, administrator]
  await insert(
    'users',
    'id uuid, sourced_id text, role text, given_name text, family_name text, is_active boolean',
    users.map(({ id, role, isActive }) => ({ id, sourced_id: id, role, is_active: isActive, ...named })),
  )
  const roles = users.flatMap(({ id, role, workDays }) => [
    // A role that is nobody's work makes nobody staff.
    {
      id: newId(),
      sourced_id: `${id}-0`,
      user_id: id,
      org_sourced_id: 's0',
      role: role === 'student' ? 'student' : 'guardian',
      isHeld: false,
    },
    ...workDays.map(({ isHeld = false, ...days }, place) => ({
      id: newId(),
      sourced_id: `${id}-${place + 1}`,
      user_id: id,
      org_sourced_id: 's0',
      role: role === 'teacher' || role === 'aide' ? role : 'staff',
      isHeld,
      ...days,
    })),
  ])
  await insert('org_roles', 'id uuid, sourced_id text, user_id uuid, org_sourced_id text, role text, begins date, ends date', roles)
  await insert(
    'terms',
    'id uuid, sourced_id text, title text, begins date, ends date, school_year int, is_active boolean',
    facts.terms.map((row) => ({ ...row, sourced_id: row.id, title: 'Term', school_year: row.schoolYear, is_active: row.isActive })),
  )
  await insert(
    'sections',
    'id uuid, sourced_id text, school_id uuid, course_id uuid, title text, is_active boolean',
    facts.sections.map(({ id, isActive, schoolId }) => ({
      id,
      sourced_id: id,
      school_id: schoolId,
      course_id: courseId,
      title: 'Section',
      is_active: isActive,
    })),
  )
  await insert(
    'section_terms',
    'section_id uuid, term_id uuid',
    facts.sections.flatMap(({ id, termIds }) => termIds.map((termId) => ({ section_id: id, term_id: termId }))),
  )
  await insert(
    'enrollments',
    'id uuid, sourced_id text, user_id uuid, section_id uuid, role text, begins date, ends date, since_version bigint, until_version bigint',
    facts.enrollments.map((row) => ({
      ...row,
      sourced_id: row.id,
      user_id: row.userId,
      section_id: row.sectionId,
      ...toVersions(row),
    })),
  )
  await insert(
    'guardianships',
    'id uuid, guardian_id uuid, student_id uuid, relation text, custody text, begins date, ends date, since_version bigint, until_version bigint',
    facts.guardianships.map((row) => ({
      ...row,
      guardian_id: row.guardianId,
      student_id: row.studentId,
      relation: 'parent',
      ...toVersions(row),
    })),
  )
  await insert(
    'provider_connections',
    'id uuid, provider_id uuid, student_id uuid, section_id uuid, author_id uuid, begins date, ends date, since_version bigint, until_version bigint',
    facts.connections.map((row) => ({
      ...row,
      provider_id: row.providerId,
      student_id: row.studentId,
      section_id: row.sectionId,
      author_id: administratorId,
      ...toVersions(row),
    })),
  )
  await superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author) values ($1, $2, 'upload', 'applied', 'k', 'client', 'c')`,
    [districtId, syncId],
  )
  const held = Object.entries({
    user: facts.people,
    'org-role': roles,
    term: facts.terms,
    section: facts.sections,
    enrollment: facts.enrollments,
    guardianship: facts.guardianships,
    'provider-connection': facts.connections,
  }).flatMap(([subject, all]) => all.flatMap(({ id, isHeld }) => (isHeld ? [{ subject, subject_id: id, sync_id: syncId }] : [])))
  await insert('suspensions', 'subject_id uuid, sync_id uuid, subject text', held)
  await insert(
    'roster_changes',
    'version bigint, subject_id uuid, change text, subject text, reason text',
    held.map(({ subject, subject_id }) => ({ version: 1, subject_id, change: 'suspended', subject, reason: 'absent-from-bulk' })),
  )
  await superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now())`,
    [districtId, newId(), administratorId],
  )
  const tokens = new Map(users.map(({ id }) => [id, randomBytes(32).toString('base64url')]))
  await insert(
    'sessions',
    'id uuid, token_hash bytea, user_id uuid, expires_at timestamptz',
    [...tokens].map(([userId, token]) => ({
      id: newId(),
      token_hash: `\\x${createHash('sha256').update(token).digest('hex')}`,
      user_id: userId,
      expires_at: '2999-01-01T00:00:00Z',
    })),
  )
  const { rows: clock } = await superuser.query<{ at: Date }>('select clock_timestamp() as at')
  return { districtId, people, tokens, administratorId, facts, loadedAt: new Date(clock[0]?.at ?? 0).toISOString() }
}

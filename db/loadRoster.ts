import { sql } from 'kysely'
import type { ColumnCipher, DistrictKeys } from './districtKeys.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import type { RosterRows, UserRow } from './rosterRows.ts'
import { findRow } from './rows.ts'

/** Small enough that one statement stays far below the statement timeout. */
const rowsPerStatement = 5_000
const loadTimeoutMs = 120_000

/**
 * Loads the first roster of a new district, as role `app`: all of it in one transaction, so a half-loaded district is never seen. Answers
 * false, and changes nothing, when the district has a roster already.
 */
export const loadRoster = async (
  { database, districtKeys }: { database: Database; districtKeys: DistrictKeys },
  roster: RosterRows,
): Promise<boolean> => {
  const districtId = roster.district.id
  if (!(await withDistrict(database, districtId, (tx) => addDistrict(tx, roster.district)))) return false
  const cipher = await districtKeys.forDistrict(districtId)
  return withDistrict(
    database,
    districtId,
    async (tx) => {
      if (!(await claimFirstVersion(tx))) return false
      await insert(
        tx,
        'schools',
        'id uuid, sourced_id text, name text',
        roster.schools.map((r) => [r.id, r.sourcedId, r.name]),
      )
      await insert(
        tx,
        'terms',
        'id uuid, sourced_id text, title text, begins date, ends date, school_year int',
        roster.terms.map((r) => [r.id, r.sourcedId, r.title, r.begins, r.ends, r.schoolYear]),
      )
      await insert(
        tx,
        'courses',
        'id uuid, sourced_id text, title text',
        roster.courses.map((r) => [r.id, r.sourcedId, r.title]),
      )
      await insert(
        tx,
        'sections',
        'id uuid, sourced_id text, school_id uuid, course_id uuid, title text',
        roster.sections.map((r) => [r.id, r.sourcedId, r.schoolId, r.courseId, r.title]),
      )
      await insert(
        tx,
        'section_terms',
        'section_id uuid, term_id uuid',
        roster.sections.flatMap((r) => r.termIds.map((termId) => [r.id, termId])),
      )
      await insert(
        tx,
        'users',
        `id uuid, sourced_id text, role text, given_name text, family_name text, email bytea, email_hash bytea, phone bytea, phone_hash bytea,
       preferred_language text, is_active boolean`,
        roster.users.map((user) => toUserValues(cipher, user)),
      )
      await insert(
        tx,
        'enrollments',
        'id uuid, sourced_id text, user_id uuid, section_id uuid, role text, begins date, ends date, since_version bigint',
        roster.enrollments.map((r) => [r.id, r.sourcedId, r.userId, r.sectionId, r.role, r.begins, r.ends, 1]),
      )
      await insert(
        tx,
        'guardianships',
        'id uuid, guardian_id uuid, student_id uuid, relation text, custody text, begins date, ends date, since_version bigint',
        roster.guardianships.map((r) => [r.id, r.guardianId, r.studentId, r.relation, r.custody, r.begins, r.ends, 1]),
      )
      return true
    },
    { transactionTimeoutMs: loadTimeoutMs },
  )
}

/** Answers whether the district still waits for its first roster. */
const addDistrict = async ({ db, districtId }: DistrictTransaction, { name, timeZone }: RosterRows['district']): Promise<boolean> => {
  await sql`
    insert into districts (id, kind, name, time_zone) values (${districtId}, 'district', ${name}, ${timeZone})
    on conflict (id) do nothing`.execute(db)
  return (await findRow(db, sql`select id from districts where id = ${districtId} and roster_version = 0`)) !== null
}

const claimFirstVersion = async ({ db, districtId }: DistrictTransaction): Promise<boolean> => {
  const claimed = await findRow(
    db,
    sql`
      with claimed as (update districts set roster_version = 1 where id = ${districtId} and roster_version = 0 returning id)
      insert into roster_versions (district_id, version, cause) select id, 1, 'load' from claimed returning version`,
  )
  return claimed !== null
}

type Value = string | number | boolean | null

/** `columns` is a column list with types, as for `jsonb_to_recordset`; each row gives their values in that order. */
const insert = async ({ db, districtId }: DistrictTransaction, table: string, columns: string, rows: Value[][]): Promise<void> => {
  const names = columns.split(',').map((column) => column.trim().split(' ')[0] ?? '')
  const list = sql.join(names.map((name) => sql.ref(name)))
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const records = rows
      .slice(start, start + rowsPerStatement)
      .map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
    await sql`
      insert into ${sql.table(table)} (district_id, ${list})
      select ${districtId}::uuid, ${list} from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as row(${sql.raw(columns)})`.execute(
      db,
    )
  }
}

const toHex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

const toUserValues = (cipher: ColumnCipher, user: UserRow): Value[] => {
  const seal = (column: string, text: string | null): string | null =>
    text === null ? null : toHex(cipher.sealText({ table: 'users', rowId: user.id, column }, text))
  const hash = (text: string | undefined): string | null => (text === undefined ? null : toHex(cipher.hashForLookup(text)))
  return [
    user.id,
    user.sourcedId,
    user.role,
    user.givenName,
    user.familyName,
    seal('email', user.email),
    hash(user.email?.toLowerCase()),
    seal('phone', user.phone),
    hash(user.phone ?? undefined),
    user.preferredLanguage,
    user.active,
  ]
}

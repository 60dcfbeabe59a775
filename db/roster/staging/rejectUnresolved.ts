import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { TakenFile } from '../../../domain/roster/feedFiles.ts'
import { findRows } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import type { StagedTable } from './stagedTables.ts'

/** A reference to an id that neither the feed nor the roster has. `line` is null in an event. */
export type Unresolved = { file: TakenFile; line: number | null; sourcedId: string; column: string; reference: string }

type Reference = {
  file: TakenFile
  from: StagedTable
  /** The column of the feed, and of staging; the id of the line that has it. */
  column: string
  staged: string
  id: string
  /** What it refers to: in staging, in the roster, and the file whose removals count. */
  to: StagedTable
  table: string
  toFile: TakenFile
  line: RawBuilder<unknown>
  /** Which rows have it; all of them unless said. */
  of?: RawBuilder<boolean>
}

const lineOf = (table: string): RawBuilder<unknown> => sql.ref(`${table}.line`)
const toPlaces = { to: 'staged_schools', table: 'schools', toFile: 'orgs' } as const
const toPeople = { to: 'staged_users', table: 'users', toFile: 'users' } as const
const toCourses = { to: 'staged_courses', table: 'courses', toFile: 'courses' } as const
const toTerms = { to: 'staged_terms', table: 'terms', toFile: 'academicSessions' } as const
const toSections = { to: 'staged_sections', table: 'sections', toFile: 'classes' } as const

const ofSections = { file: 'classes', from: 'staged_sections', id: 'sourced_id', line: lineOf('staged_sections') } as const
const ofRoles = { file: 'roles', from: 'staged_roles', id: 'sourced_id', line: lineOf('staged_roles') } as const
const ofEnrollments = { file: 'enrollments', from: 'staged_enrollments', id: 'sourced_id', line: lineOf('staged_enrollments') } as const
const ofSectionTerms = {
  file: 'classes',
  from: 'staged_section_terms',
  id: 'section_sourced_id',
  line: sql`(select min(of.line) from staged_sections of where of.sourced_id = staged_section_terms.section_sourced_id)`,
} as const
const ofAgents = { file: 'users', from: 'staged_agents', id: 'user_sourced_id', line: lineOf('staged_agents') } as const

const ofGuardianships = {
  file: 'users',
  from: 'staged_guardianships',
  id: 'sourced_id',
  line: lineOf('staged_guardianships'),
  of: sql<boolean>`staged_guardianships.custody is not null`,
} as const

/** In the order in which what is rejected makes more unresolved. */
const references: readonly Reference[] = [
  { ...ofSections, ...toPlaces, column: 'schoolSourcedId', staged: 'school_sourced_id' },
  { ...ofSections, ...toCourses, column: 'courseSourcedId', staged: 'course_sourced_id' },
  { ...ofSectionTerms, ...toTerms, column: 'termSourcedIds', staged: 'term_sourced_id' },
  { ...ofRoles, ...toPeople, column: 'userSourcedId', staged: 'user_sourced_id' },
  { ...ofRoles, ...toPlaces, column: 'orgSourcedId', staged: 'org_sourced_id' },
  { ...ofAgents, ...toPeople, column: 'agentSourcedIds', staged: 'agent_sourced_id' },
  { ...ofGuardianships, ...toPeople, column: 'studentSourcedId', staged: 'student_sourced_id' },
  { ...ofGuardianships, ...toPeople, column: 'guardianSourcedId', staged: 'guardian_sourced_id' },
  { ...ofEnrollments, ...toPeople, column: 'userSourcedId', staged: 'user_sourced_id' },
  { ...ofEnrollments, ...toSections, column: 'classSourcedId', staged: 'section_sourced_id' },
]

const isUnresolved = (districtId: string, { from, staged, to, table, toFile, of = sql<boolean>`true` }: Reference): RawBuilder<boolean> => {
  const reference = sql.ref(`${from}.${staged}`)
  return sql`${of} and (
    exists (select 1 from staged_removals gone where gone.file = ${toFile} and gone.sourced_id = ${reference})
    or not exists (select 1 from ${sql.table(to)} other where other.sourced_id = ${reference})
      and not exists (select 1 from ${sql.table(table)} there where there.district_id = ${districtId} and there.sourced_id = ${reference}))`
}

const find = async ({ db, districtId }: RosterTransaction, reference: Reference): Promise<Unresolved[]> =>
  findRows(
    db,
    sql<Unresolved>`
      select ${reference.from === 'staged_roles' ? sql`staged_roles.file` : reference.file} as file, ${reference.line} as line, ${sql.ref(`${reference.from}.${reference.id}`)} as "sourcedId",
        ${reference.column} as "column", ${sql.ref(`${reference.from}.${reference.staged}`)} as reference
      from ${sql.table(reference.from)} where ${isUnresolved(districtId, reference)}`,
  )

/** Every staged reference that resolves to nothing. */
export const findUnresolved = async (tx: RosterTransaction): Promise<Unresolved[]> => {
  const found: Unresolved[] = []
  for (const reference of references) found.push(...(await find(tx, reference)))
  return found
}

/**
 * Takes out of staging whatever refers to nothing, and then what referred to that; of a list of references only the one. Answers each, for the report. Into
 * a bulk file of the same feed the reader has resolved them (`files`), so this is for what only the roster can have.
 */
export const rejectUnresolved = async (
  tx: RosterTransaction,
  files: readonly { file: TakenFile; mode: 'bulk' | 'delta' }[],
): Promise<Unresolved[]> => {
  const bulk = new Set(files.filter(({ mode }) => mode === 'bulk').map(({ file }) => file))
  const found: Unresolved[] = []
  for (const reference of references.filter(({ toFile }) => !bulk.has(toFile))) {
    const unresolved = await find(tx, reference)
    if (unresolved.length === 0) continue
    found.push(...unresolved)
    await sql`delete from ${sql.table(reference.from)} where ${isUnresolved(tx.districtId, reference)}`.execute(tx.db)
  }
  return found
}

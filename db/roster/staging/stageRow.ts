import type { TakenFile } from '../../../domain/roster/feedFiles.ts'
import type { RosterRow, UserRow } from '../../../domain/roster/rosterRow.ts'
import type { StagedTable, StagedValue } from './stagedTables.ts'

/** Everything of a line but people, whose addresses are sealed first (`sealUsers`). */
export type PlainRow = Exclude<RosterRow, UserRow>

/** Where a row goes, with its values in the order of the table's columns. */
export type StagedRow = { table: StagedTable; values: StagedValue[] }

/** OneRoster 1.1 gives a role no id of its own; no id of OneRoster has a colon. */
const toRoleId = (userSourcedId: string, orgSourcedId: string): string => `${userSourcedId}:${orgSourcedId}`

/** What a row of a line becomes in staging. */
export const stageRow = (file: TakenFile | 'guardianships', line: number | null, row: PlainRow): StagedRow[] => {
  switch (row.kind) {
    case 'removal':
      return [{ table: 'staged_removals', values: [file, row.sourcedId, line] }]
    case 'org':
      return [{ table: 'staged_schools', values: [row.sourcedId, row.name, row.type, line] }]
    case 'term':
      return [{ table: 'staged_terms', values: [row.sourcedId, row.title, row.begins, row.ends, row.schoolYear, line] }]
    case 'course':
      return [{ table: 'staged_courses', values: [row.sourcedId, row.title, line] }]
    case 'section':
      return [
        {
          table: 'staged_sections',
          values: [row.sourcedId, row.title, row.courseSourcedId, row.schoolSourcedId, `{${row.grades.join()}}`, line],
        },
        ...row.termSourcedIds.map((term): StagedRow => ({ table: 'staged_section_terms', values: [row.sourcedId, term] })),
      ]
    case 'role': {
      const id = row.sourcedId ?? toRoleId(row.userSourcedId, row.orgSourcedId)
      return [{ table: 'staged_roles', values: [file, id, row.userSourcedId, row.orgSourcedId, row.role, row.begins, row.ends, line] }]
    }
    case 'guardian-link':
      return [{ table: 'staged_agents', values: [row.userSourcedId, row.agentSourcedId, line] }]
    case 'guardianship':
      return [{ table: 'staged_guardianships', values: [row.sourcedId, row.studentSourcedId, row.guardianSourcedId, row.custody, line] }]
    case 'enrollment':
      break
  }
  const { sourcedId, userSourcedId, sectionSourcedId, role, begins, ends } = row
  return [{ table: 'staged_enrollments', values: [sourcedId, userSourcedId, sectionSourcedId, role, begins, ends, line] }]
}

/**
 * What the lines of a feed become while it is compared with the roster: temporary tables of one connection, which nobody else sees and which end with it.
 * Column and type, in the order in which rows are written.
 */
export const stagedTables = {
  staged_files: ['file text', 'mode text'],
  staged_removals: ['file text', 'sourced_id text', 'line int'],
  staged_schools: ['sourced_id text', 'name text', 'type text', 'line int'],
  staged_terms: ['sourced_id text', 'title text', 'begins date', 'ends date', 'school_year int', 'line int'],
  staged_courses: ['sourced_id text', 'title text', 'line int'],
  staged_sections: ['sourced_id text', 'title text', 'course_sourced_id text', 'school_sourced_id text', 'grades text', 'line int'],
  staged_section_terms: ['section_sourced_id text', 'term_sourced_id text'],
  // Addresses are sealed before they come here (law 10), under the id that the row has or will have; null where the roster has the same.
  staged_users: [
    'sourced_id text',
    'id uuid',
    'given_name text',
    'family_name text',
    'is_active boolean',
    'custody text',
    'roster_language text',
    'email bytea',
    'email_hash bytea',
    'phone bytea',
    'phone_hash bytea',
    'has_new_contact boolean',
    'line int',
  ],
  staged_roles: [
    'file text',
    'sourced_id text',
    'user_sourced_id text',
    'org_sourced_id text',
    'role text',
    'begins date',
    'ends date',
    'line int',
  ],
  // Of events only. Custody null: gone.
  staged_guardianships: ['sourced_id text', 'student_sourced_id text', 'guardian_sourced_id text', 'custody text', 'line int'],
  staged_agents: ['user_sourced_id text', 'agent_sourced_id text', 'line int'],
  staged_enrollments: [
    'sourced_id text',
    'user_sourced_id text',
    'section_sourced_id text',
    'role text',
    'begins date',
    'ends date',
    'line int',
  ],
} as const
export type StagedTable = keyof typeof stagedTables

/** What Postgres reads as a value of the column: bytes as `\\x…`. */
export type StagedValue = string | number | boolean | null

export const stagedTableNames = Object.keys(stagedTables) as StagedTable[]

export const columnNamesOf = (table: StagedTable): string[] => stagedTables[table].map((column) => column.slice(0, column.indexOf(' ')))

/** Those whose rows stand for a line with an id of its own, and the file that it is of. */
export const stagedIds = [
  ['staged_schools', 'orgs'],
  ['staged_terms', 'academicSessions'],
  ['staged_courses', 'courses'],
  ['staged_sections', 'classes'],
  ['staged_users', 'users'],
  ['staged_enrollments', 'enrollments'],
  ['staged_guardianships', 'guardianships'],
] as const satisfies readonly (readonly [StagedTable, string])[]

import type pg from 'pg'

/** All that a sync or an event may write of a district, but for what is kept of the sync or the event itself. */
const tables = [
  'schools',
  'terms',
  'courses',
  'sections',
  'section_terms',
  'users',
  'org_roles',
  'agent_links',
  'enrollments',
  'guardianships',
  'suspensions',
  'roster_versions',
  'roster_changes',
  'roster_sources',
  'roster_watermarks',
  'access_endings',
] as const

/** Every row of them as it is, ids and times included: the same answer means that nothing was written. */
export const readRosterRows = async (superuser: pg.Client, districtId: string): Promise<Record<string, string[]>> => {
  const read = async (table: string): Promise<string[]> => {
    const { rows } = await superuser.query<{ row: string }>(`select t::text as row from ${table} t where district_id = $1 order by 1`, [
      districtId,
    ])
    return rows.map(({ row }) => row)
  }
  const all: Record<string, string[]> = {}
  for (const table of tables) all[table] = await read(table)
  return all
}

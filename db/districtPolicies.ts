import type { PolicyDef } from '@mikro-orm/core'

/** The district that the current transaction works on; null, so that nothing matches, when none was named. */
const currentDistrict = `nullif(current_setting('app.district_id', true), '')::uuid`

const ownRowsOnly = (districtColumn: string): PolicyDef => ({
  name: 'own_district',
  using: `${districtColumn} = ${currentDistrict}`,
  check: `${districtColumn} = ${currentDistrict}`,
})

/** The wall of law 2 on a table keyed by `district_id`. It stands for every role, the owner included. */
export const districtWall = { rowLevelSecurity: 'force' as const, policies: [ownRowsOnly('district_id')] }

/** The same wall on `districts`, whose key is the district itself. */
export const districtWallById = { rowLevelSecurity: 'force' as const, policies: [ownRowsOnly('id')] }

/**
 * A window in the wall, for a role that must look before the district is known (law 2). It shows rows, not columns:
 * which columns such a role may read or write is listed in `roles.ts`.
 */
export const windowFor = (
  role: 'hallpass_auth' | 'hallpass_relay' | 'hallpass_sweeper' | 'hallpass_oncall',
  command: 'select' | 'update',
): PolicyDef => ({
  name: `${role.replace('hallpass_', '')}_${command}`,
  command,
  roles: [role],
  using: 'true',
  ...(command === 'update' ? { check: 'true' } : {}),
})

/** A bar on what on-call's role may write, beside the wall and the grants of columns: it adds no right and takes some away. */
export const barOncall = (name: string, command: 'insert' | 'update', { using, check }: { using?: string; check: string }): PolicyDef => ({
  name,
  command,
  type: 'restrictive',
  roles: ['hallpass_oncall'],
  ...(using === undefined ? {} : { using }),
  check,
})

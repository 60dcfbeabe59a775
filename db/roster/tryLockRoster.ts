import { sql } from 'kysely'
import { getRow } from '../rows.ts'
import { toLockKey } from './lockRoster.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** As `lockRoster`, but answers false at once while somebody else changes this district's roster: nothing is waited for, and no connection is held meanwhile. */
export const tryLockRoster = async ({ db, districtId }: RosterTransaction): Promise<boolean> => {
  const { isLocked } = await getRow(
    db,
    sql<{ isLocked: boolean }>`select pg_try_advisory_xact_lock(${toLockKey(districtId)}) as "isLocked"`,
  )
  return isLocked
}

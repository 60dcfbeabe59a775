import { lockRoster } from './lockRoster.ts'
import { openVersion, type VersionCause } from './openVersion.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** Changes the roster under its lock, as a version of its own. For what is known to change something: a feed looks first. */
export const changeRoster = async <T>(tx: RosterTransaction, cause: VersionCause, change: (version: number) => Promise<T>): Promise<T> => {
  await lockRoster(tx)
  return change(await openVersion(tx, cause))
}

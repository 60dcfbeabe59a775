import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { findSync, type Sync } from '../db/queries/listSyncs.ts'
import { Fault } from './fault.ts'
import { apply, id, reason } from './fields.ts'
import type { Oncall } from './openOncall.ts'
import { requireReason } from './requireReason.ts'

const checkId = ([syncId]: readonly string[]): void => void id.parse(syncId, { error: () => 'expected the id of a sync' })

/** What every command is given that is about one sync: its id. */
export const oneSync = {
  positionals: { min: 1, max: 1, are: 'the id of one sync' },
  check: (_: object, named: readonly string[]): void => checkId(named),
} as const

/** What every command is given that changes something about one sync: its id, and who says why before anything is done. */
export const actOnSync = {
  schema: z.object({ apply, reason }),
  switches: ['apply'],
  positionals: oneSync.positionals,
  check: (given: { apply: boolean; reason?: string | undefined }, named: readonly string[]): void => {
    checkId(named)
    requireReason(given)
  },
} as const

/** @throws {Fault} when no district has such a sync. */
export const getSync = async ({ database }: Pick<Oncall, 'database'>, [syncId = '']: readonly string[]): Promise<Sync> => {
  const sync = await acrossDistricts(database, (tx) => findSync(tx, syncId.toLowerCase()))
  if (sync === null) throw new Fault('there is no sync of that id')
  return sync
}

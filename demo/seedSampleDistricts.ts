import { sql } from 'kysely'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { createDistrictKeys, type DistrictKeys } from '../db/districtKeys.ts'
import { loadRoster } from '../db/loadRoster.ts'
import { acrossDistricts, openDatabase, type Database } from '../db/openDatabase.ts'
import type { RosterRows } from '../db/rosterRows.ts'
import { keyPaths } from '../stack/appEnvironment.ts'
import type { Stack } from '../stack/startStack.ts'
import { createNeighbourRoster, createSampleRoster, toSampleDay } from './sampleRoster.ts'

export type SampleDistricts = { sample: RosterRows; neighbour: RosterRows; isNew: boolean }

/** Loads the sample district and its small neighbour, unless they are there already. */
export const loadSampleDistricts = async (
  deps: { database: Database; districtKeys: DistrictKeys },
  today: string,
): Promise<SampleDistricts> => {
  const sample = createSampleRoster(today)
  const neighbour = createNeighbourRoster(today)
  const isSampleNew = await loadRoster(deps, sample)
  const isNeighbourNew = await loadRoster(deps, neighbour)
  return { sample, neighbour, isNew: isSampleNew || isNeighbourNew }
}

/** Postgres plans well only what it has counted, and its own round comes minutes later. Only the owner may ask for it. */
export const countRows = async (ownerUrl: string): Promise<void> => {
  const database = await openDatabase({ url: ownerUrl, connectionsMax: 1 })
  try {
    await acrossDistricts(database, ({ db }) => sql`analyze`.execute(db))
  } finally {
    await database.close()
  }
}

/** Fills the stack's database, which must be migrated. Answers the sample district's roster. */
export const seedSampleDistricts = async (stack: Stack): Promise<RosterRows> => {
  const database = await openDatabase({ url: stack.postgres.urls.app, connectionsMax: 2 })
  try {
    const keyService = await openLocalKeyService(keyPaths(stack).keyFolder)
    const deps = { database, districtKeys: createDistrictKeys({ database, keyService }) }
    const { sample, isNew } = await loadSampleDistricts(deps, toSampleDay(new Date()))
    if (isNew) await countRows(stack.postgres.urls.owner)
    return sample
  } finally {
    await database.close()
  }
}

import { sql } from 'kysely'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { createDistrictKeys } from '../db/districtKeys.ts'
import { loadRoster } from '../db/loadRoster.ts'
import { acrossDistricts, openDatabase } from '../db/openDatabase.ts'
import type { RosterRows } from '../db/rosterRows.ts'
import { keyPaths } from '../stack/appEnvironment.ts'
import type { Stack } from '../stack/startStack.ts'
import { createNeighbourRoster, createSampleRoster } from './sampleRoster.ts'

/** Postgres plans well only what it has counted, and its own round comes minutes later. */
const countRows = async (ownerUrl: string): Promise<void> => {
  const database = await openDatabase({ url: ownerUrl, connectionsMax: 1 })
  try {
    await acrossDistricts(database, ({ db }) => sql`analyze`.execute(db))
  } finally {
    await database.close()
  }
}

/**
 * Loads the sample district and its small neighbour into the stack's database, which must be migrated, unless they are there
 * already. Answers the sample district's roster.
 */
export const seedSampleDistricts = async (stack: Stack): Promise<RosterRows> => {
  const today = new Date().toISOString().slice(0, 10)
  const sample = createSampleRoster(today)
  const database = await openDatabase({ url: stack.postgres.urls.app, connectionsMax: 2 })
  try {
    const keyService = await openLocalKeyService(keyPaths(stack).keyFolder)
    const districtKeys = createDistrictKeys({ database, keyService })
    const isNew = await loadRoster({ database, districtKeys }, sample)
    await loadRoster({ database, districtKeys }, createNeighbourRoster(today))
    if (isNew) await countRows(stack.postgres.urls.owner)
    return sample
  } finally {
    await database.close()
  }
}

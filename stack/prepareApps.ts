/** Imports `db/migrate.ts` and the key adapters of `clients/`: what must be there before an application starts. */
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { ensurePayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { migrate } from '../db/migrate.ts'
import { keyPaths } from './appEnvironment.ts'
import type { Stack } from './startStack.ts'

/** Brings the database to the newest schema and creates the keys that the applications expect. Safe to run twice. */
export const prepareApps = async (stack: Stack): Promise<void> => {
  const { keyFolder, keyRingFile } = keyPaths(stack)
  await migrate(stack.postgres.urls.owner)
  await ensurePayloadKeyRing(await openLocalKeyService(keyFolder), keyRingFile)
}

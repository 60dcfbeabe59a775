import { readFile } from 'node:fs/promises'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { createClientSecret } from '../crypto/createClientSecret.ts'
import { createDistrict } from '../db/createDistrict.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { apiScopes } from '../domain/apiClients.ts'
import { offeredFeatures } from '../domain/features.ts'
import { keyPaths } from '../stack/appEnvironment.ts'
import type { Stack } from '../stack/startStack.ts'

/** A district without a roster, and the credentials of the machine that sends it. */
export type BenchCredentials = { districtId: string; clientId: string; clientSecret: string }

/** Makes one whose brake holds nothing. */
export const addBenchDistrict = async (stack: Stack): Promise<BenchCredentials> => {
  const owner = await openDatabase({ url: stack.postgres.urls.owner, connectionsMax: 1 })
  try {
    const keyService = await openLocalKeyService(keyPaths(stack).keyFolder)
    const { secret, secretHash } = createClientSecret()
    const made = await createDistrict(
      { owner, keyService },
      {
        name: 'Bench',
        timeZone: 'America/Denver',
        brake: { percent: 100, rows: 0 },
        custody: { column: 'metadata.custody', permitted: ['yes'], denied: ['no'] },
        languageColumn: null,
        features: offeredFeatures,
        administrator: { sourcedId: 'hallpass:bench', givenName: 'Given', familyName: 'Family', email: 'bench@example.org' },
        termsOfUse: await readFile(new URL('../deploy/termsOfUse.md', import.meta.url), 'utf8'),
        client: { name: 'bench', scopes: apiScopes, secretHash },
        staff: 'bench',
        reason: 'bench',
      },
    )
    return { districtId: made.districtId, clientId: made.clientId ?? '', clientSecret: secret }
  } finally {
    await owner.close()
  }
}

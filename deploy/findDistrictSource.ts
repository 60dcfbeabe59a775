import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import type { KeyService } from '../domain/ports.ts'
import { isUsRegion } from '../domain/residency.ts'

/** Where districts are made. */
export type DistrictSource = {
  ownerUrl: string
  sweeperUrl: string
  isLocalStack: boolean
  /** Of the stack on this machine. */
  apiUrl: string | null
  openKeyService(): Promise<KeyService>
}

const stackFolder = join(fileURLToPath(new URL('..', import.meta.url)), '.stack')
const running = z.object({
  api: z.object({ url: z.string() }),
  postgres: z.object({ urls: z.object({ owner: z.string(), sweeper: z.string() }) }),
})

/**
 * From DATABASE_URL_OWNER, DATABASE_URL_SWEEPER and KEY_FILE (or HALLPASS_REGION for AWS KMS), or else the stack that runs in this folder.
 * Null when there is neither.
 */
export const findDistrictSource = (variables: NodeJS.ProcessEnv = process.env, folder: string = stackFolder): DistrictSource | null => {
  const { DATABASE_URL_OWNER: ownerUrl, DATABASE_URL_SWEEPER: sweeperUrl, KEY_FILE: keyFile, HALLPASS_REGION: region = '' } = variables
  if (ownerUrl !== undefined && sweeperUrl !== undefined) {
    if (keyFile === undefined && !isUsRegion(region)) return null
    const openKeyService = async () => (keyFile === undefined ? openKmsKeyService({ region }) : openLocalKeyService(keyFile))
    return { ownerUrl, sweeperUrl, isLocalStack: false, apiUrl: null, openKeyService }
  }
  const file = join(folder, 'stack.json')
  if (!existsSync(file)) return null
  const { api, postgres } = running.parse(JSON.parse(readFileSync(file, 'utf8')))
  const openKeyService = () => openLocalKeyService(join(folder, 'keys', 'service'))
  return { ownerUrl: postgres.urls.owner, sweeperUrl: postgres.urls.sweeper, isLocalStack: true, apiUrl: api.url, openKeyService }
}

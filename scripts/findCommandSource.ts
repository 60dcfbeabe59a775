import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import type { KeyService } from '../domain/ports.ts'

const stackFolder = join(fileURLToPath(new URL('..', import.meta.url)), '.stack')
const running = z.object({ postgres: z.object({ urls: z.object({ app: z.string(), sweeper: z.string() }) }) })

/** The database and the keys that a command works on. */
export type CommandSource = { appUrl: string; sweeperUrl: string | undefined; openKeyService(): KeyService | Promise<KeyService> }

/**
 * From DATABASE_URL_APP, DATABASE_URL_SWEEPER and KEY_FILE (or HALLPASS_REGION for AWS KMS), or else of the stack that runs in this folder.
 * @throws when there is neither, saying how to mend it.
 */
export const findCommandSource = (): CommandSource => {
  const { DATABASE_URL_APP: appUrl, DATABASE_URL_SWEEPER: sweeperUrl, KEY_FILE: keyFile, HALLPASS_REGION: region } = process.env
  if (appUrl !== undefined) {
    const openKeyService = () => (keyFile === undefined ? openKmsKeyService({ region: region ?? '' }) : openLocalKeyService(keyFile))
    return { appUrl, sweeperUrl, openKeyService }
  }
  const file = join(stackFolder, 'stack.json')
  if (!existsSync(file)) throw new Error('no stack runs in this folder.\n  mend: npm run stack, or set DATABASE_URL_APP')
  const { urls } = running.parse(JSON.parse(readFileSync(file, 'utf8'))).postgres
  return { appUrl: urls.app, sweeperUrl: urls.sweeper, openKeyService: () => openLocalKeyService(join(stackFolder, 'keys', 'service')) }
}

import { createHash, randomBytes } from 'node:crypto'

/** What a machine keeps and shows to get a token: 256 random bits behind a prefix that scanners of leaked secrets can look for. */
export type ClientSecret = { secret: string; secretHash: Buffer }

/** A new one. Only its hash is stored. */
export const createClientSecret = (): ClientSecret => {
  const secret = `hpcs_${randomBytes(32).toString('base64url')}`
  return { secret, secretHash: createHash('sha256').update(secret).digest() }
}

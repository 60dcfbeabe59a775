import { createHash, timingSafeEqual } from 'node:crypto'

/** Someone who may decode: a name for the audit log, and the SHA-256 of their token in hex. The token itself is kept nowhere. */
export type Engineer = { name: string; tokenSha256: string }

/**
 * Answers who an `Authorization` header belongs to, null when nobody. Takes the same time whichever token is nearly right.
 * @throws RangeError when a hash is not a SHA-256.
 */
export const createEngineerCheck = (engineers: readonly Engineer[]): ((authorization: string | undefined) => string | null) => {
  const known = engineers.map(({ name, tokenSha256 }) => {
    if (!/^[0-9a-f]{64}$/i.test(tokenSha256)) throw new RangeError('not a SHA-256 in hex')
    return { name, hash: Buffer.from(tokenSha256, 'hex') }
  })
  return (authorization) => {
    const token = /^Bearer ([\x21-\x7e]{16,512})$/i.exec(authorization ?? '')?.[1] ?? ''
    const hash = createHash('sha256').update(token).digest()
    // All are compared, so that the time does not tell which one matched.
    const matching = known.filter((engineer) => timingSafeEqual(engineer.hash, hash))
    return token === '' ? null : (matching[0]?.name ?? null)
  }
}

import { createHash, randomBytes } from 'node:crypto'
import { withDistrict, type Database } from '../../db/openDatabase.ts'
import { mintSession } from '../../db/queries/mintSession.ts'

/** A session of an active person, as the command mints it. */
export const signIn = async (app: Database, districtId: string, userId: string): Promise<{ token: string; sessionId: string }> => {
  const token = randomBytes(32).toString('base64url')
  const tokenHash = createHash('sha256').update(token).digest()
  const minted = await withDistrict(app, districtId, (tx) =>
    mintSession(tx, { userId, tokenHash, lifeSeconds: 3_600, by: { kind: 'system', name: 'test' }, reason: 'a test' }),
  )
  if (minted === null) throw new Error('no such active person')
  return { token, sessionId: minted.sessionId }
}

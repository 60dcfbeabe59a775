/** Imports `db/`: a session is minted by a command with the database's credentials, never over HTTP. */
import { createHash, randomBytes } from 'node:crypto'
import { openDatabase, withDistrict } from '../db/openDatabase.ts'
import { mintSession } from '../db/queries/mintSession.ts'

export type OpenedSession = { token: string; sessionId: string; expiresInSeconds: number }

/**
 * Opens a session for an active person and answers its token, which is stored nowhere but by the
 * caller. Null when the district has no such active person.
 */
export const openSession = async (request: {
  databaseUrl: string
  districtId: string
  userId: string
  lifeSeconds: number
  /** Account name of who asks, for the audit log. */
  staff: string
}): Promise<OpenedSession | null> => {
  const { districtId, userId, lifeSeconds, staff } = request
  const token = randomBytes(32).toString('base64url')
  const tokenHash = createHash('sha256').update(token).digest()
  const database = await openDatabase({ url: request.databaseUrl, connectionsMax: 1 })
  try {
    const minted = await withDistrict(database, districtId, (tx) =>
      mintSession(tx, { userId, tokenHash, lifeSeconds, by: { kind: 'staff', name: staff } }),
    )
    return minted && { token, sessionId: minted.sessionId, expiresInSeconds: lifeSeconds }
  } finally {
    await database.close()
  }
}

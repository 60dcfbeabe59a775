/** Imports `db/`: a session is minted by a command with the database's credentials, never over HTTP. */
import { createHash, randomBytes } from 'node:crypto'
import { validate as isId } from 'uuid'
import { openDatabase, withDistrict } from '../db/openDatabase.ts'
import { findUserId } from '../db/queries/findUserId.ts'
import { mintSession } from '../db/queries/mintSession.ts'

export type OpenedSession = { token: string; sessionId: string; expiresInSeconds: number }

/**
 * Opens a session for an active person and answers its token, which is stored nowhere but by the
 * caller. Null when the district has no such active person.
 */
export const openSession = async (request: {
  databaseUrl: string
  districtId: string
  /** Our id, or the SIS's id: whichever names somebody, ours first. */
  user: string
  lifeSeconds: number
  /** Account name of who asks, for the audit log. */
  staff: string
  /** Why, for the audit log. */
  reason: string
}): Promise<OpenedSession | null> => {
  const { districtId, user, lifeSeconds, staff, reason } = request
  const token = randomBytes(32).toString('base64url')
  const tokenHash = createHash('sha256').update(token).digest()
  const database = await openDatabase({ url: request.databaseUrl, connectionsMax: 1 })
  try {
    const minted = await withDistrict(database, districtId, async (tx) => {
      const mintFor = (userId: string) => mintSession(tx, { userId, tokenHash, lifeSeconds, by: { kind: 'staff', name: staff }, reason })
      const byId = isId(user) ? await mintFor(user.toLowerCase()) : null
      if (byId !== null) return byId
      const userId = await findUserId(tx, user)
      return userId === null ? null : mintFor(userId)
    })
    return minted && { token, sessionId: minted.sessionId, expiresInSeconds: lifeSeconds }
  } finally {
    await database.close()
  }
}

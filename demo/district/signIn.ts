import { findStaffName } from '../../clients/findStaffName.ts'
import { openSession } from '../../deploy/openSession.ts'
import type { Place } from './place.ts'

const sessionSeconds = 12 * 3_600

/** Answers the bearer token of somebody of the district, by our id or the district's; null when there is no such active person. */
export const signIn = async ({ databases }: Place, districtId: string, user: string): Promise<string | null> => {
  const session = await openSession({
    databaseUrl: databases.app,
    districtId,
    user,
    lifeSeconds: sessionSeconds,
    staff: findStaffName(),
    reason: 'sample district',
  })
  return session?.token ?? null
}

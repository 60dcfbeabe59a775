import { sql } from 'kysely'
import { findSubstituteFault, type SubstituteFault } from '../../domain/roster/providerConnection.ts'
import { findSubstituteTerms } from '../queries/findConnectionTerms.ts'
import { findRow } from '../rows.ts'
import { addConnection } from './addConnection.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { tryLockRoster } from './tryLockRoster.ts'

export type AppointmentOutcome =
  | { outcome: 'appointed'; id: string; version: number }
  | { outcome: 'refused'; fault: SubstituteFault }
  /** They are a substitute there on some of these days already: end that first. */
  | { outcome: 'appointed-already' }
  /** Somebody else is changing this district's roster; nothing was done, and nothing waited. */
  | { outcome: 'busy' }

/** Makes somebody of the staff a substitute in a section, as a version of the roster. `begins` is inclusive, and today when it is not given; `ends` is exclusive. */
export const appointSubstitute = async (
  tx: RosterTransaction,
  {
    userId,
    sectionId,
    begins,
    ends,
    authorId,
  }: { userId: string; sectionId: string; begins?: string | undefined; ends: string; authorId: string },
): Promise<AppointmentOutcome> => {
  if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
  const terms = await findSubstituteTerms(tx, { providerId: userId, sectionId })
  const days = { begins: begins ?? terms.today, ends }
  const fault = findSubstituteFault({ ...terms, ...days, isAuthor: authorId === userId })
  if (fault !== null) return { outcome: 'refused', fault }
  if ((await findOverlapping(tx, { userId, sectionId, ...days })) !== null) return { outcome: 'appointed-already' }
  return { outcome: 'appointed', ...(await addConnection(tx, { providerId: userId, sectionId, ...days }, authorId)) }
}

const findOverlapping = (
  { db, districtId }: RosterTransaction,
  { userId, sectionId, begins, ends }: { userId: string; sectionId: string; begins: string; ends: string },
): Promise<{ id: string } | null> =>
  findRow(
    db,
    sql<{ id: string }>`
      select id from provider_connections
      where district_id = ${districtId} and provider_id = ${userId} and section_id = ${sectionId} and until_version is null
        and ${begins}::date < ends and begins < ${ends}::date`,
  )

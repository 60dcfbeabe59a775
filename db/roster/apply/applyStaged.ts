import { sql } from 'kysely'
import type { RosterSubject } from '../../../domain/roster/subjects.ts'
import { liveChannelsOf } from '../../queries/liveRelation.ts'
import { findRows, getRow } from '../../rows.ts'
import { createDiff } from '../diff/diffTable.ts'
import { diffEnrollments } from '../diff/diffEnrollments.ts'
import { diffGuardianships } from '../diff/diffGuardianships.ts'
import { diffRoleChanges, diffRoles, diffUsers } from '../diff/diffPeople.ts'
import { diffPlaces } from '../diff/diffPlaces.ts'
import { dropOlder } from '../diff/dropOlder.ts'
import { followVersion, type StartForVersion } from '../followVersion.ts'
import { lockRoster } from '../lockRoster.ts'
import { openVersion, type VersionCause } from '../openVersion.ts'
import { recordEndings } from '../recordEndings.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { closeLifted } from './closeLifted.ts'
import { endWorkAround } from './endWorkAround.ts'
import { countLosses, findBrakeLimits, gatherLosses, isBraked } from './gatherLosses.ts'
import { countLostRoles, gatherLostRoles } from './gatherLostRoles.ts'
import { gatherParted, whichParted } from './gatherParted.ts'
import { holdLosses } from './holdLosses.ts'
import { keepSources } from './keepSources.ts'
import { joinByHash } from './joinByHash.ts'
import { leaveHeld } from './leaveHeld.ts'
import { liftSuspensions } from './liftSuspensions.ts'
import { recordChanges } from './recordChanges.ts'
import { hasRawChanges, writeDiff, writeRaw } from './writeDiff.ts'

export type StagedFeed = VersionCause & {
  /** How new what the feed says is. */
  sourceAt: Date
  /** Whether lines of users say what they are (OneRoster 1.1, events), and no file of roles does. */
  areRolesOnUsers: boolean
  /** The sync whose suspensions a brake writes; null: nothing is held, as for single events, which somebody meant. */
  brakeFor: string | null
  /** The run that does what follows, where somebody lost access. */
  startFor: StartForVersion
}

/** Of one kind of row, how many changed in which way. `active`: how many there were, where a sync lost some. */
export type ChangeCounts = {
  subject: RosterSubject
  added: number
  changed: number
  removed: number
  suspended: number
  restored: number
  active: number
}

/**
 * `stale`: newer sources had spoken for every file. `partly-applied`: the brake holds what would have been removed. `endings`: how many channels' people
 * were parted, or by the brake will be.
 */
export type AppliedFeed = {
  outcome: 'applied' | 'unchanged' | 'stale' | 'partly-applied'
  version: number | null
  counts: ChangeCounts[]
  endings: number
}

/**
 * Compares what is staged with the roster and brings the roster to it, in the transaction around, under the district's lock: every removal with every addition, so
 * that nobody who keeps a relation loses it for a moment, and nobody who loses it keeps it for one. What has no difference writes nothing but how new it is.
 */
export const applyStaged = async (tx: RosterTransaction, feed: StagedFeed): Promise<AppliedFeed> => {
  await lockRoster(tx)
  const isFeed = feed.cause === 'sync'
  const modes = await joinByHash(tx, isFeed, () => dropOlder(tx, feed.sourceAt))
  if (modes.size === 0) return { outcome: 'stale', version: null, counts: [], endings: 0 }
  await joinByHash(tx, isFeed, () => diff(tx, modes, feed.areRolesOnUsers))
  if (feed.brakeFor !== null) await leaveHeld(tx)
  await gatherLosses(tx)
  if (feed.brakeFor !== null) await joinByHash(tx, isFeed, () => gatherLostRoles(tx))
  const losses = feed.brakeFor === null ? [] : [...(await countLosses(tx)), ...(await countLostRoles(tx))]
  const isHeld = feed.brakeFor !== null && isBraked(losses, await findBrakeLimits(tx))
  const held = isHeld && feed.brakeFor !== null ? await hold(tx, feed.brakeFor) : 0
  await liftSuspensions(tx)
  const active = new Map(losses.map((of) => [of.subject, of.active]))
  const counts = (await countChanges(tx)).map((of) => ({ ...of, active: active.get(of.subject) ?? 0 }))
  const { version, endings } = await write(tx, feed, counts.length > 0)
  await closeLifted(tx)
  await keepSources(tx, feed.sourceAt)
  const outcome = isHeld ? 'partly-applied' : version === null ? 'unchanged' : 'applied'
  return { outcome, version, counts, endings: held + endings }
}

const diff = async (tx: RosterTransaction, modes: ReadonlyMap<string, 'bulk' | 'delta'>, areRolesOnUsers: boolean): Promise<void> => {
  await createDiff(tx)
  await diffPlaces(tx, modes)
  await diffUsers(tx, modes.get('users'))
  await diffRoles(tx, modes, areRolesOnUsers)
  await diffRoleChanges(tx)
  await diffGuardianships(tx, modes.get('users'))
  await diffEnrollments(tx, modes.get('enrollments'))
}

/** Suspends what would be lost, and answers how many channels' people that parts. */
const hold = async (tx: RosterTransaction, syncId: string): Promise<number> => {
  await gatherParted(tx)
  const count = async (): Promise<number> =>
    Number(
      (await getRow(tx.db, sql<{ count: string }>`select count(*) as count from ${liveChannelsOf(tx.districtId, whichParted)} live`)).count,
    )
  const before = await count()
  await holdLosses(tx, syncId)
  const after = await count()
  await sql`truncate lost_enrollments, lost_guardianships`.execute(tx.db)
  return before - after
}

const write = async (
  tx: RosterTransaction,
  { cause, causeId, startFor }: VersionCause & Pick<StagedFeed, 'startFor'>,
  hasChanges: boolean,
): Promise<{ version: number | null; endings: number }> => {
  if (!hasChanges) {
    if (await hasRawChanges(tx)) await writeRaw(tx)
    return { version: null, endings: 0 }
  }
  const version = await openVersion(tx, { cause, causeId })
  const change = () => joinByHash(tx, cause === 'sync', () => endWorkAround(tx, version, () => writeDiff(tx, version)))
  const isParting = (await gatherParted(tx)) > 0
  const endings = isParting ? await recordEndings(tx, { version, which: whichParted }, change) : await change().then(() => 0)
  await joinByHash(tx, cause === 'sync', () => recordChanges(tx, version))
  if (endings > 0 || (await isSomebodyEnded(tx))) await followVersion(tx, version, startFor)
  return { version, endings }
}

/** Somebody may have been signed in whom the roster connected with nobody. */
const isSomebodyEnded = async ({ db }: RosterTransaction): Promise<boolean> => {
  const { is } = await getRow(
    db,
    sql<{ is: boolean }>`select exists (select 1 from diff where subject = 'user' and is_loss and change <> 'suspended') as is`,
  )
  return is
}

const countChanges = async ({ db }: RosterTransaction): Promise<Omit<ChangeCounts, 'active'>[]> => {
  const rows = await findRows(
    db,
    sql<{ subject: RosterSubject; change: keyof ChangeCounts; count: string }>`
      select subject, change, count(*) as count from diff group by subject, change`,
  )
  const counts = new Map<RosterSubject, Omit<ChangeCounts, 'active'>>()
  for (const { subject, change, count } of rows) {
    const none = { subject, added: 0, changed: 0, removed: 0, suspended: 0, restored: 0 }
    counts.set(subject, { ...(counts.get(subject) ?? none), [change]: Number(count) })
  }
  return [...counts.values()]
}

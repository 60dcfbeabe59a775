import { sql } from 'kysely'
import type { RemovalState } from '../entities/RosterSync.ts'
import { findRow } from '../rows.ts'
import { endWorkAround } from './apply/endWorkAround.ts'
import { gatherParted, whichParted } from './apply/gatherParted.ts'
import { writeDroppedRoles, writeTargetRoles } from './apply/writeDiff.ts'
import { rememberFacts } from './diff/diffPeople.ts'
import { createDiff } from './diff/diffTable.ts'
import { toFacts } from './diff/facts.ts'
import { followVersion, type StartForVersion } from './followVersion.ts'
import { lockRoster } from './lockRoster.ts'
import { openVersion } from './openVersion.ts'
import { recordEndings } from './recordEndings.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { gatherSettledRoles, recordSettledPeople } from './settleRoles.ts'

/** `waiting`: nobody has decided yet; `lifted`: nobody has to any more; `none`: the sync held nothing. `endings`: how many channels' people are parted for good. */
export type SettledRemovals = { outcome: 'approved' | 'discarded' | 'lifted' | 'waiting' | 'none'; version: number | null; endings: number }

/**
 * Puts into effect what the district decided of the removals that a sync's brake held. Approved: they are applied, each with its receipt. Discarded: the
 * suspensions go, and nothing else; whoever is not otherwise ended is back in that commit. Safe to run twice: what was settled is answered again.
 */
export const settleRemovals = async (tx: RosterTransaction, syncId: string, startFor: StartForVersion): Promise<SettledRemovals> => {
  await lockRoster(tx)
  const row = await findRow(
    tx.db,
    sql<{ removals: RemovalState | null }>`
      select removals from roster_syncs where district_id = ${tx.districtId} and id = ${syncId}`,
  )
  const removals = row?.removals ?? null
  if (removals === null) return { outcome: 'none', version: null, endings: 0 }
  if (removals !== 'approving' && removals !== 'discarding') return { outcome: removals, version: null, endings: 0 }
  await sql`
    create temporary table settled on commit drop as
    select subject, subject_id as id from suspensions where district_id = ${tx.districtId} and sync_id = ${syncId}`.execute(tx.db)
  await createDiff(tx)
  await rememberFacts(
    tx,
    sql`(select r.user_id from settled s join org_roles r on r.district_id = ${tx.districtId} and r.id = s.id where s.subject = 'org-role')`,
  )
  const settled = removals === 'approving' ? await approve(tx, syncId) : await discard(tx, syncId)
  await sql`update roster_syncs set removals = ${settled.outcome} where district_id = ${tx.districtId} and id = ${syncId}`.execute(tx.db)
  if (settled.outcome === 'approved' && settled.version !== null) await followVersion(tx, settled.version, startFor)
  return settled
}

const discard = async (tx: RosterTransaction, syncId: string): Promise<SettledRemovals> => {
  const version = await openVersion(tx, { cause: 'removal', causeId: syncId })
  await sql`delete from suspensions where district_id = ${tx.districtId} and sync_id = ${syncId}`.execute(tx.db)
  await sql`
    insert into roster_changes (district_id, version, subject, subject_id, change, reason)
    select ${tx.districtId}::uuid, ${version}::bigint, subject, id, 'restored', 'removal-discarded' from settled`.execute(tx.db)
  await gatherSettledRoles(tx, false)
  await recordSettledPeople(tx, version, 'removal-discarded')
  return { outcome: 'discarded', version, endings: 0 }
}

const approve = async (tx: RosterTransaction, syncId: string): Promise<SettledRemovals> => {
  const version = await openVersion(tx, { cause: 'removal', causeId: syncId })
  await sql`delete from suspensions where district_id = ${tx.districtId} and sync_id = ${syncId}`.execute(tx.db)
  const isParting = (await gatherHeld(tx)) > 0
  const end = () => endWorkAround(tx, version, () => endHeld(tx, version))
  const endings = isParting ? await recordEndings(tx, { version, which: whichParted }, end) : await end().then(() => 0)
  return { outcome: 'approved', version, endings }
}

/**
 * What was held, as a feed's losses are gathered, with what follows from people, roles, sections and terms: a feed that named those rows meanwhile gave them back, and
 * they end with what they hang on. Answers how many pairs it may part.
 */
const gatherHeld = async (tx: RosterTransaction): Promise<number> => {
  const { db, districtId } = tx
  await sql`
    insert into diff (subject, id, change, is_loss) select subject, id, 'removed', true from settled where subject in ('user', 'term')`.execute(
    db,
  )
  await gatherSettledRoles(tx, true)
  await sql`
    create temporary table lost_enrollments on commit drop as
    select r.id, r.user_id, r.section_id, r.role from (
      select id from settled where subject = 'enrollment'
      union select e.id from settled s join enrollments e on e.district_id = ${districtId} and e.user_id = s.id where s.subject = 'user'
      union select e.id from settled s join enrollments e on e.district_id = ${districtId} and e.section_id = s.id where s.subject = 'section'
      union select e.id from settled s
        join section_terms st on st.district_id = ${districtId} and st.term_id = s.id
        join enrollments e on e.district_id = ${districtId} and e.section_id = st.section_id
        where s.subject = 'term') lost
    join enrollments r on r.district_id = ${districtId} and r.id = lost.id and r.until_version is null`.execute(db)
  await sql`
    create temporary table lost_guardianships on commit drop as
    select r.id, r.guardian_id, r.student_id from (
      select id from settled where subject = 'guardianship'
      union select g.id from settled s join guardianships g on g.district_id = ${districtId} and g.guardian_id = s.id where s.subject = 'user'
      union select g.id from settled s join guardianships g on g.district_id = ${districtId} and g.student_id = s.id where s.subject = 'user') lost
    join guardianships r on r.district_id = ${districtId} and r.id = lost.id and r.until_version is null`.execute(db)
  return gatherParted(tx)
}

const places = [
  ['school', 'schools'],
  ['term', 'terms'],
  ['section', 'sections'],
  ['user', 'users'],
] as const

const endHeld = async (tx: RosterTransaction, version: number): Promise<void> => {
  const { db, districtId } = tx
  for (const [subject, table] of places) {
    const facts = subject === 'school' ? sql`null::jsonb` : toFacts(subject, 'r')
    const after = subject === 'school' ? sql`null::jsonb` : sql`${facts} || '{"isActive": false}'::jsonb`
    await sql`
      insert into roster_changes (district_id, version, subject, subject_id, change, reason, before, after)
      select ${districtId}::uuid, ${version}::bigint, s.subject, s.id, 'removed', 'removal-approved', coalesce((select b.facts from facts_before b where b.id = r.id), ${facts}), ${after}
      from settled s join ${sql.table(table)} r on r.district_id = ${districtId} and r.id = s.id where s.subject = ${subject} and r.is_active`.execute(
      db,
    )
    await sql`
      update ${sql.table(table)} r set is_active = false from settled s
      where r.district_id = ${districtId} and r.id = s.id and s.subject = ${subject}`.execute(db)
  }
  for (const [subject, table] of [
    ['enrollment', 'enrollments'],
    ['guardianship', 'guardianships'],
  ] as const) {
    await sql`
      insert into roster_changes (district_id, version, subject, subject_id, change, reason)
      select ${districtId}::uuid, ${version}::bigint, s.subject, s.id, 'removed', 'removal-approved'
      from settled s join ${sql.table(table)} r on r.district_id = ${districtId} and r.id = s.id and r.until_version is null
      where s.subject = ${subject}`.execute(db)
    await sql`
      update ${sql.table(table)} r set until_version = ${version}::bigint from settled s
      where r.district_id = ${districtId} and r.id = s.id and s.subject = ${subject} and r.until_version is null`.execute(db)
  }
  await sql`
    insert into roster_changes (district_id, version, subject, subject_id, change, reason)
    select ${districtId}::uuid, ${version}::bigint, s.subject, s.id, 'removed', 'removal-approved'
    from settled s join org_roles r on r.district_id = ${districtId} and r.id = s.id where s.subject = 'org-role'`.execute(db)
  await writeDroppedRoles(tx)
  await writeTargetRoles(tx)
  await recordSettledPeople(tx, version, 'removal-approved')
  // A link that stays would make the guardianship anew with the next line that touches either of the two.
  await sql`
    delete from agent_links l using settled s, guardianships g
    where l.district_id = ${districtId} and g.district_id = ${districtId} and s.subject = 'guardianship' and g.id = s.id
      and (l.user_id, l.agent_id) in ((g.guardian_id, g.student_id), (g.student_id, g.guardian_id))`.execute(db)
}

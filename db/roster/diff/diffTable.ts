import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { RosterSubject } from '../../../domain/roster/subjects.ts'
import { isNotHeld } from '../../queries/isNotHeld.ts'
import { findRows } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/**
 * What a feed changes, one row each, before anything is written. `id` is the row's, or that which a new one will have. `is_loss`: somebody may lose access
 * by it, so the brake counts it and may hold it. `before` is what of the row decides access. `left_held`: what another sync's brake holds already. `facts_before`:
 * what decided of people before a role of theirs was held or given back.
 */
export const createDiff = async ({ db }: RosterTransaction): Promise<void> => {
  await sql`
    create temporary table diff (
      subject text, id uuid, sourced_id text, change text, reason text, file text, line int, before jsonb, is_loss boolean
    ) on commit drop`.execute(db)
  await sql`create temporary table left_held (subject text, id uuid) on commit drop`.execute(db)
  await sql`create temporary table facts_before (id uuid, facts jsonb) on commit drop`.execute(db)
}

/** Of which kinds the feed adds rows, by the diff so far. */
export type AddedSubjects = ReadonlySet<RosterSubject>

export const findAdded = async ({ db }: RosterTransaction): Promise<AddedSubjects> =>
  new Set(
    (await findRows(db, sql<{ subject: RosterSubject }>`select distinct subject from diff where change = 'added'`)).map(
      ({ subject }) => subject,
    ),
  )

/**
 * The id of a place or a person that a line refers to: of the roster, or of a row that this feed adds. Joins and the expression; of a kind of which the feed
 * adds nothing one join, for each is a tenth of a second in a feed of a million lines.
 */
export const resolve = (
  districtId: string,
  { subject, table, as, reference }: { subject: RosterSubject; table: string; as: string; reference: RawBuilder<unknown> },
  feedAdds: AddedSubjects,
): { joins: RawBuilder<unknown>; id: RawBuilder<unknown> } => {
  const there = sql.ref(`${as}_there`)
  const added = sql.ref(`${as}_added`)
  const joinThere = sql`left join ${sql.table(table)} ${there} on ${there}.district_id = ${districtId} and ${there}.sourced_id = ${reference}`
  if (!feedAdds.has(subject)) return { joins: joinThere, id: sql`${there}.id` }
  return {
    joins: sql`
      ${joinThere}
      left join diff ${added} on ${added}.subject = ${subject} and ${added}.change = 'added' and ${added}.sourced_id = ${reference}`,
    id: sql`coalesce(${there}.id, ${added}.id)`,
  }
}

/** The part of an `insert into diff` that takes out what a line names as removed, and what a bulk file no longer has. */
export type Removable = {
  subject: RosterSubject
  /** The staged table, and the file that it is of. */
  staged: string
  file: string
  /** The roster's table, under the alias `r`: which of its rows there are to remove, and what of each decides access. */
  table: string
  isThere: RawBuilder<boolean>
  before: RawBuilder<unknown>
  isLoss: boolean
  /** Rows `r` that are there and that a bulk does not name, from the first table to the first condition, where they are known already. */
  absent?: RawBuilder<unknown>
}

/** Rows with a colon in their id are no feed's: the district made them itself. */
const isOfFeeds = sql<boolean>`position(':' in r.sourced_id) = 0`

/** What a brake holds is for the district to decide: a bulk that lacks it, or has a line that removes it, says nothing new. */
const isFree = isNotHeld('r', 'as-ended')

export const diffRemovals = async (tx: RosterTransaction, mode: 'bulk' | 'delta', of: Removable): Promise<void> => {
  const { db, districtId } = tx
  const head = (reason: string, line: RawBuilder<unknown>) => sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, before, is_loss)
    select ${of.subject}, r.id, r.sourced_id, 'removed', ${reason}, ${`${of.file}.csv`}, ${line}, ${of.before}, ${of.isLoss}::boolean`
  await sql`
    ${head('to-be-deleted', sql`min(named.line)`)}
    from staged_removals named
    join ${sql.table(of.table)} r on r.district_id = ${districtId} and r.sourced_id = named.sourced_id and ${of.isThere}
    where named.file = ${of.file} and (${mode === 'delta'} or ${isFree}) group by r.district_id, r.id`.execute(db)
  if (mode === 'delta') return
  const absent =
    of.absent ??
    sql`
      ${sql.table(of.table)} r where r.district_id = ${districtId} and ${of.isThere}
      and not exists (select 1 from ${sql.table(of.staged)} s where s.sourced_id = r.sourced_id)`
  await sql`
    ${head('absent-from-bulk', sql`null::int`)}
    from ${absent} and ${isOfFeeds}
      and not exists (select 1 from newer where newer.file = ${of.file} and newer.sourced_id = r.sourced_id)
      and not exists (select 1 from staged_removals named where named.file = ${of.file} and named.sourced_id = r.sourced_id)
      and ${isFree}`.execute(db)
}

import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import type { ColumnCipher } from '../districtKeys.ts'
import { adoptRoleIds } from './adoptRoleIds.ts'
import { applyStaged } from './apply/applyStaged.ts'
import type { StartForVersion } from './followVersion.ts'
import { areRolesOutdone, isOutdone } from './isOutdone.ts'
import { lockRoster } from './lockRoster.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { createStagedTables } from './staging/createStagedTables.ts'
import { insertRows } from './staging/insertRows.ts'
import { isUnpaired } from './staging/isUnpaired.ts'
import { findUnresolved, type Unresolved } from './staging/rejectUnresolved.ts'
import { sealUsers } from './staging/sealUsers.ts'
import { stageRow } from './staging/stageRow.ts'

/** A single change: a delta of one line. `rows` are what the line says; of a removal, the removal. */
export type RosterEventInput = {
  /** The id under which versions and changes name it. */
  id: string
  file: TakenFile | 'guardianships'
  rows: readonly RosterRow[]
  /** When it happened, no later than now: an older event changes nothing that a newer source has said. */
  occurredAt: Date
}

export type AppliedEvent =
  | { outcome: 'applied' | 'unchanged' | 'stale'; version: number | null; endings: number }
  | { outcome: 'unresolved'; unresolved: Unresolved[] }
  /** A guardianship of two whose roles make no guardian and child. */
  | { outcome: 'unpaired' }

/** `cipher` is the district's; `startFor` gives the run that does what follows from a version. */
export type EventDeps = { cipher: ColumnCipher; startFor: StartForVersion }

/**
 * Applies one change in the transaction around, by the same rules as a feed's. What refers to something that the roster does not have is not applied at
 * all. No brake: somebody meant it.
 */
export const applyEvent = async (
  tx: RosterTransaction,
  { cipher, startFor }: EventDeps,
  event: RosterEventInput,
): Promise<AppliedEvent> => {
  await lockRoster(tx)
  if (await isOutdone(tx, event)) return { outcome: 'stale', version: null, endings: 0 }
  const areRolesOnUsers = event.file === 'users' && !(await areRolesOutdone(tx, event))
  const rows = areRolesOnUsers ? await adoptRoleIds(tx, event.rows) : event.rows.filter(({ kind }) => kind !== 'role')
  await createStagedTables(tx, 'transaction')
  const people = rows.flatMap((row) => (row.kind === 'user' ? [{ line: null, row }] : []))
  await insertRows(tx, [
    { table: 'staged_files', values: [event.file, 'delta'] },
    ...(await sealUsers(tx, cipher, people)),
    ...rows.flatMap((row) => (row.kind === 'user' ? [] : stageRow(event.file, null, row))),
  ])
  const unresolved = await findUnresolved(tx)
  if (unresolved.length > 0) return { outcome: 'unresolved', unresolved }
  if (event.file === 'guardianships' && (await isUnpaired(tx))) return { outcome: 'unpaired' }
  const { outcome, version, endings } = await applyStaged(tx, {
    cause: 'event',
    causeId: event.id,
    sourceAt: event.occurredAt,
    areRolesOnUsers,
    brakeFor: null,
    startFor,
  })
  // Only a sync's brake can make it partly applied.
  return { outcome: outcome === 'partly-applied' ? 'applied' : outcome, version, endings }
}

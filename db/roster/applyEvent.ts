import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import type { ColumnCipher } from '../districtKeys.ts'
import { applyStaged } from './apply/applyStaged.ts'
import type { StartForVersion } from './followVersion.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { createStagedTables } from './staging/createStagedTables.ts'
import { insertRows } from './staging/insertRows.ts'
import { findUnresolved, type Unresolved } from './staging/rejectUnresolved.ts'
import { sealUsers } from './staging/sealUsers.ts'
import { stageRow } from './staging/stageRow.ts'

/** A single change: a delta of one line. `rows` are what the line says; of a removal, the removal. */
export type RosterEventInput = {
  /** The id under which versions and changes name it. */
  id: string
  file: TakenFile
  rows: readonly RosterRow[]
  /** When it happened, no later than now: an older event changes nothing that a newer source has said. */
  occurredAt: Date
}

export type AppliedEvent =
  | { outcome: 'applied' | 'unchanged' | 'stale'; version: number | null; endings: number }
  | { outcome: 'unresolved'; unresolved: Unresolved[] }

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
  await createStagedTables(tx, 'transaction')
  const people = event.rows.flatMap((row) => (row.kind === 'user' ? [{ line: null, row }] : []))
  await insertRows(tx, [
    { table: 'staged_files', values: [event.file, 'delta'] },
    ...(await sealUsers(tx, cipher, people)),
    ...event.rows.flatMap((row) => (row.kind === 'user' ? [] : stageRow(event.file, null, row))),
  ])
  const unresolved = await findUnresolved(tx)
  if (unresolved.length > 0) return { outcome: 'unresolved', unresolved }
  const { outcome, version, endings } = await applyStaged(tx, {
    cause: 'event',
    causeId: event.id,
    sourceAt: event.occurredAt,
    areRolesOnUsers: event.file === 'users',
    brakeFor: null,
    startFor,
  })
  // Only a sync's brake can make it partly applied.
  return { outcome: outcome === 'partly-applied' ? 'applied' : outcome, version, endings }
}

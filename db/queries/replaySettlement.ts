import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditOrigin } from './recordAudit.ts'

/** The caller turns the attempt of a version into a start: workflow ids are the contract's business. */
export type SettlementStartFor = (ref: { districtId: string; version: number; attempt: number }) => OutboxStart

type Replay = { version: number; attempt: number; startFor: SettlementStartFor }

/**
 * Asks again for the run that does what follows from a version, as the next attempt: what is done stays done, and who was told is not told again. Null when
 * this attempt is not the row's any more, or everything is done.
 */
export const replaySettlement = async (
  tx: DistrictTransaction,
  { version, attempt, startFor, ...origin }: Replay & AuditOrigin,
): Promise<OutboxStart | null> => {
  const replayed = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update roster_settlements set attempt = attempt + 1, asked_at = statement_timestamp()
      where district_id = ${tx.districtId} and version = ${version}::bigint and attempt = ${attempt} and settled_at is null
      returning attempt`,
  )
  if (replayed === null) return null
  const start = startFor({ districtId: tx.districtId, version, attempt: replayed.attempt })
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, {
    ...origin,
    action: 'roster-version.replay',
    target: { kind: 'roster-version', id: String(version) },
    details: { ...origin.details, attempt: replayed.attempt },
  })
  return start
}

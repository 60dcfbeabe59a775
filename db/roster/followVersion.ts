import { sql } from 'kysely'
import { enqueueWorkflow, type OutboxStart } from '../queries/enqueueWorkflow.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** The caller turns a version into the start of the run that does what follows from it: workflow ids are the contract's business. */
export type StartForVersion = (ref: { districtId: string; version: number }) => OutboxStart

/**
 * Asks, in the same commit, for the run that does what follows from a version: people are told, uploads are cancelled, sessions are closed. The row stays open
 * until all of it is done, so that a run that is lost is missed.
 */
export const followVersion = async (tx: RosterTransaction, version: number, startFor: StartForVersion): Promise<void> => {
  await sql`insert into roster_settlements (district_id, version) values (${tx.districtId}, ${version}::bigint)`.execute(tx.db)
  await enqueueWorkflow(tx, startFor({ districtId: tx.districtId, version }))
}

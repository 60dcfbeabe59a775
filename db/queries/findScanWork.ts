import { sql } from 'kysely'
import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'

/** What a run must know of its attachment. `fileName` is sealed; everything else is ids, states and counts. */
export type ScanWork = {
  uploaderId: string
  state: AttachmentState
  attempt: number
  fileName: Buffer
  contentType: string
  incomingKey: string
  incomingVersionId: string | null
  /** Set, with the columns beside it, when a run has put the object where it belongs and recorded what it found. */
  verdict: Verdict | null
  refusalReason: RefusalReason | null
  signature: string | null
  engine: string | null
  databaseVersion: string | null
  sha256: Buffer | null
  bytes: number
  sniffedType: string | null
  cleanKey: string | null
  quarantineKey: string | null
}

/** The attachment a run works on, whatever its state; null when there is none. */
export const findScanWork = async (tx: DistrictTransaction, attachmentId: string): Promise<ScanWork | null> => {
  const { rows } = await sql<ScanWork>`
    select uploader_id as "uploaderId", state, attempt, file_name as "fileName", content_type as "contentType",
           incoming_key as "incomingKey", incoming_version_id as "incomingVersionId", verdict, refusal_reason as "refusalReason",
           signature, engine, database_version as "databaseVersion", sha256, bytes, sniffed_type as "sniffedType",
           clean_key as "cleanKey", quarantine_key as "quarantineKey"
    from attachments
    where district_id = ${tx.districtId} and id = ${attachmentId}`.execute(tx.db)
  return rows[0] ?? null
}

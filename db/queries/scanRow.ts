import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import { toTime, toTimeOrNull } from '../rows.ts'

/** An attachment as on-call sees it: how far it has come, where its objects should be, no name, no people. */
export type Scan = {
  districtId: string
  attachmentId: string
  state: AttachmentState
  attempt: number
  /** As declared. */
  contentType: string
  /** As declared: the most that may have been uploaded. */
  bytes: number
  verdict: Verdict | null
  refusalReason: RefusalReason | null
  signature: string | null
  engine: string | null
  databaseVersion: string | null
  incomingKey: string
  incomingVersionId: string | null
  cleanKey: string | null
  quarantineKey: string | null
  purgeAfter: Date | null
  createdAt: Date
  ticketExpiresAt: Date
  uploadCompletedAt: Date | null
  scannedAt: Date | null
  endedAt: Date | null
}

type NullableTimes = 'purgeAfter' | 'uploadCompletedAt' | 'scannedAt' | 'endedAt'
type Times = 'createdAt' | 'ticketExpiresAt'

/** What `scanColumns` selects, as the driver gives it. */
export type ScanRow = Omit<Scan, NullableTimes | Times> & Record<Times, string> & Record<NullableTimes, string | null>

/** The columns of a `Scan`; `alias` is the name that the query gives to `attachments`. */
export const scanColumns = (alias: string): RawBuilder<unknown> => {
  const a = sql.ref(alias)
  return sql`${a}.district_id as "districtId", ${a}.id as "attachmentId", ${a}.state, ${a}.attempt, ${a}.content_type as "contentType", ${a}.bytes,
    ${a}.verdict, ${a}.refusal_reason as "refusalReason", ${a}.signature, ${a}.engine, ${a}.database_version as "databaseVersion",
    ${a}.incoming_key as "incomingKey", ${a}.incoming_version_id as "incomingVersionId", ${a}.clean_key as "cleanKey",
    ${a}.quarantine_key as "quarantineKey", ${a}.purge_after as "purgeAfter", ${a}.created_at as "createdAt",
    ${a}.ticket_expires_at as "ticketExpiresAt", ${a}.upload_completed_at as "uploadCompletedAt", ${a}.scanned_at as "scannedAt",
    ${a}.ended_at as "endedAt"`
}

export const toScan = (row: ScanRow): Scan => ({
  ...row,
  purgeAfter: toTimeOrNull(row.purgeAfter),
  createdAt: toTime(row.createdAt),
  ticketExpiresAt: toTime(row.ticketExpiresAt),
  uploadCompletedAt: toTimeOrNull(row.uploadCompletedAt),
  scannedAt: toTimeOrNull(row.scannedAt),
  endedAt: toTimeOrNull(row.endedAt),
})

import { sql } from 'kysely'
import type { HistoryEntry } from '../../domain/roster/rosterHistory.ts'
import type { RosterReason } from '../../domain/roster/subjects.ts'
import type { RosterCause } from '../entities/RosterVersion.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTime } from '../rows.ts'

/** When a version was made, and by what: `causeId` is the sync's, the event's or the connection's. */
export type VersionRecord = { version: number; at: Date; cause: RosterCause; causeId: string | null }

/** What a version changed, why, and by which line of which file. */
export type ChangeRecord = Omit<HistoryEntry, 'cause'> & VersionRecord & { reason: RosterReason; file: string | null; line: number | null }

type ChangeRow = Omit<ChangeRecord, keyof VersionRecord> & { version: string }

/** Everything that the versions of the roster changed of these rows, oldest first. Two statements: call it under `readDistrict`. */
export const listRosterHistory = async (tx: DistrictTransaction, ids: readonly string[]): Promise<ChangeRecord[]> => {
  const rows = await findRows(
    tx.db,
    sql<ChangeRow>`
      select subject_id as "subjectId", version, change, before, reason, file, line from roster_changes
      where district_id = ${tx.districtId} and subject_id = any(${[...ids]}::uuid[])
      order by version`,
  )
  const versions = await findVersions(tx, [...new Set(rows.map(({ version }) => Number(version)))])
  return rows.flatMap(({ version, ...row }) => {
    const record = versions.get(Number(version))
    return record === undefined ? [] : [{ ...row, ...record }]
  })
}

/** These versions, by number. */
export const findVersions = async (
  { db, districtId }: DistrictTransaction,
  versions: readonly number[],
): Promise<ReadonlyMap<number, VersionRecord>> => {
  const rows = await findRows(
    db,
    sql<Omit<VersionRecord, 'version' | 'at'> & { version: string; at: string }>`
      select version, at, cause, cause_id as "causeId" from roster_versions
      where district_id = ${districtId} and version = any(${[...versions]}::bigint[])`,
  )
  return new Map(rows.map((row) => [Number(row.version), { ...row, version: Number(row.version), at: toTime(row.at) }]))
}

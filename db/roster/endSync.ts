import { sql } from 'kysely'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import type { FileCounts } from '../../domain/roster/feedReport.ts'
import type { RosterSubject } from '../../domain/roster/subjects.ts'
import type { SyncState } from '../entities/RosterSync.ts'
import { findRow } from '../rows.ts'
import type { ChangeCounts } from './apply/applyStaged.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** How a sync ended. Times are the database's. */
export type SyncEnding = {
  state: Extract<SyncState, 'applied' | 'unchanged' | 'partly-applied' | 'previewed' | 'unreadable' | 'stale' | 'failed'>
  rosterVersion?: number | null
  feedVersion?: string
  fault?: { code: string; file?: string | undefined; line?: number | undefined; column?: number | undefined }
  rejectCount?: number
  rejectsKey?: string | null
  changesKey?: string | null
  endingCount?: number
}

/**
 * Ends the sync, in the transaction of what it did: compare-and-set on the attempt that runs, so that an attempt which was given up and lives on applies
 * nothing. Answers whether it was this attempt's to end.
 */
export const endSync = async (
  { db, districtId }: RosterTransaction,
  { syncId, attempt }: { syncId: string; attempt: number },
  ending: SyncEnding,
): Promise<boolean> => {
  const {
    state,
    rosterVersion = null,
    feedVersion = null,
    fault,
    rejectCount = 0,
    rejectsKey = null,
    changesKey = null,
    endingCount = 0,
  } = ending
  const row = await findRow(
    db,
    sql`
      update roster_syncs set state = ${state}, ended_at = clock_timestamp(), roster_version = ${rosterVersion}::bigint, feed_version = ${feedVersion}::text,
        fault_code = ${fault?.code ?? null}::text, fault_file = ${fault?.file ?? null}::text, fault_line = ${fault?.line ?? null}::int,
        fault_column = ${fault?.column ?? null}::int, reject_count = ${rejectCount}::int, rejects_key = ${rejectsKey}::text,
        changes_key = ${changesKey}::text, ending_count = ${endingCount}::int,
        removals = case when ${state} = 'partly-applied' then 'waiting' end
      where district_id = ${districtId} and id = ${syncId} and attempt = ${attempt}::int and state = 'running'
      returning id`,
  )
  return row !== null
}

const subjectOf: Readonly<Record<TakenFile, RosterSubject>> = {
  orgs: 'school',
  academicSessions: 'term',
  courses: 'course',
  classes: 'section',
  users: 'user',
  roles: 'org-role',
  enrollments: 'enrollment',
}

/** Keeps what became of the lines of each file, and how many rows of each kind changed. What an earlier attempt kept is replaced. */
export const keepCounts = async (
  { db, districtId }: RosterTransaction,
  syncId: string,
  { files, changes }: { files: readonly FileCounts[]; changes: readonly ChangeCounts[] },
): Promise<void> => {
  await sql`delete from roster_sync_counts where district_id = ${districtId} and sync_id = ${syncId}`.execute(db)
  const lines = new Map(files.map((of) => [subjectOf[of.file], of]))
  const changed = new Map(changes.map((of) => [of.subject, of]))
  const records = [...new Set([...lines.keys(), ...changed.keys()])].map((subject) => ({
    subject,
    ...lines.get(subject),
    ...changed.get(subject),
  }))
  await sql`
    insert into roster_sync_counts (district_id, sync_id, subject, lines, taken, rejected, left_out, added, changed, removed, suspended, restored, active)
    select ${districtId}::uuid, ${syncId}::uuid, subject, coalesce(lines, 0), coalesce(taken, 0), coalesce(rejected, 0), coalesce("leftOut", 0),
      coalesce(added, 0), coalesce(changed, 0), coalesce(removed, 0), coalesce(suspended, 0), coalesce(restored, 0), coalesce(active, 0)
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as row(subject text, lines int, taken int, rejected int, "leftOut" int,
      added int, changed int, removed int, suspended int, restored int, active int)`.execute(db)
}

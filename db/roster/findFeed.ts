import { sql } from 'kysely'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import type { SyncState } from '../entities/RosterSync.ts'
import { sourceColumns, toSources, type SourcesRow } from '../queries/sourceColumns.ts'
import { findRow, toTimeOrNull } from '../rows.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** What a run needs to know of its sync. */
export type Feed = {
  state: SyncState
  attempt: number
  isDryRun: boolean
  sourceAt: Date | null
  objectKey: string
  objectVersionId: string | null
  rosterVersion: number | null
  sources: MetadataSources
}

type Row = Omit<Feed, 'sourceAt' | 'sources' | 'rosterVersion'> &
  SourcesRow & { sourceAt: string | Date | null; rosterVersion: string | null }

/** The sync, or null when the district has none of that id. */
export const findFeed = async ({ db, districtId }: RosterTransaction, syncId: string): Promise<Feed | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select s.state, s.attempt, s.is_dry_run as "isDryRun", s.source_at as "sourceAt", s.object_key as "objectKey", s.object_version_id as "objectVersionId",
        s.roster_version as "rosterVersion", ${sourceColumns('d')}
      from roster_syncs s join districts d on d.id = s.district_id
      where s.district_id = ${districtId} and s.id = ${syncId}`,
  )
  if (row === null) return null
  const { column, permitted, denied, languageColumn, sourceAt, rosterVersion, ...feed } = row
  return {
    ...feed,
    sourceAt: sourceAt instanceof Date ? sourceAt : toTimeOrNull(sourceAt),
    rosterVersion: rosterVersion === null ? null : Number(rosterVersion),
    sources: toSources({ column, permitted, denied, languageColumn }),
  }
}

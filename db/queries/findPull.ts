import { sql } from 'kysely'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, toTime, toTimeOrNull } from '../rows.ts'
import { sourceColumns, toSources, type SourcesRow } from './sourceColumns.ts'

/** What an attempt needs to know of its pull. */
export type Pull = {
  baseUrl: string
  tokenUrl: string
  clientId: string
  /** Sealed. */
  clientSecret: Buffer
  mode: 'bulk' | 'delta'
  syncId: string
  startedAt: Date
  cursorAt: Date | null
  sources: MetadataSources
}

type Row = Omit<Pull, 'startedAt' | 'cursorAt' | 'sources'> & SourcesRow & { startedAt: string; cursorAt: string | null }

/** The pull while this attempt is at it; null when another is, or none. */
export const findPull = async (
  { db, districtId }: DistrictTransaction,
  { pullId, attempt }: { pullId: string; attempt: number },
): Promise<Pull | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select p.base_url as "baseUrl", p.token_url as "tokenUrl", p.client_id as "clientId", p.client_secret as "clientSecret", p.mode,
        p.sync_id as "syncId", p.started_at as "startedAt", p.cursor_at as "cursorAt", ${sourceColumns('d')}
      from roster_pulls p join districts d on d.id = p.district_id
      where p.district_id = ${districtId} and p.id = ${pullId} and p.attempt = ${attempt} and p.state = 'pulling'`,
  )
  if (row === null) return null
  const { column, permitted, denied, languageColumn, startedAt, cursorAt, ...pull } = row
  return {
    ...pull,
    startedAt: toTime(startedAt),
    cursorAt: toTimeOrNull(cursorAt),
    sources: toSources({ column, permitted, denied, languageColumn }),
  }
}

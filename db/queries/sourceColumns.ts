import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { MetadataColumn } from '../../domain/roster/columns.ts'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'

/** Of a district's row: where its systems tell what OneRoster has no field for. */
export type SourcesRow = { column: MetadataColumn | null; permitted: string[]; denied: string[]; languageColumn: MetadataColumn | null }

/** The columns of `districts`, under `alias`, that `toSources` reads. */
export const sourceColumns = (alias: string): RawBuilder<unknown> => {
  const district = sql.ref(alias)
  return sql`${district}.custody_column as "column", to_json(${district}.custody_permitted) as permitted,
    to_json(${district}.custody_denied) as denied, ${district}.language_column as "languageColumn"`
}

export const toSources = ({ column, permitted, denied, languageColumn }: SourcesRow): MetadataSources => ({
  custody: column === null ? null : { column, permitted, denied },
  languageColumn,
})

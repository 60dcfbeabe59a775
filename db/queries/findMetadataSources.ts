import { sql } from 'kysely'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'
import { sourceColumns, toSources, type SourcesRow } from './sourceColumns.ts'

/** Where the district's systems tell what OneRoster has no field for. */
export const findMetadataSources = async ({ db, districtId }: DistrictTransaction): Promise<MetadataSources> =>
  toSources(await getRow(db, sql<SourcesRow>`select ${sourceColumns('d')} from districts d where d.id = ${districtId}`))

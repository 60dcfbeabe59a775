import { metadataPrefix, type MetadataColumn } from './columns.ts'
import type { CustodySource } from './custody.ts'

/**
 * Where a district's systems tell of people what OneRoster has no field for: whether a guardian may be written to, and in which language somebody is. Null: nowhere,
 * and then nothing of the kind is taken.
 */
export type MetadataSources = { custody: CustodySource | null; languageColumn: MetadataColumn | null }

/**
 * Where the language stands unless the district says otherwise. Student information systems, Ed-Fi (`LanguageUseDescriptor`) and Clever (`home_language`) call it
 * the home language, and exports of OneRoster that have it write it as fields of OneRoster are written.
 */
export const homeLanguageColumn = 'metadata.homeLanguage' satisfies MetadataColumn

export const isMetadataColumn = (name: string): name is MetadataColumn =>
  name.startsWith(metadataPrefix) && /^[\w.:-]+$/.test(name.slice(metadataPrefix.length))

/** The columns that are looked at, each once. */
export const toMetadataColumns = ({ custody, languageColumn }: MetadataSources): MetadataColumn[] =>
  [...new Set([custody?.column, languageColumn])].filter((column) => typeof column === 'string')

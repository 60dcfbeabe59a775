import type { MetadataColumn } from '../domain/roster/columns.ts'
import { homeLanguageColumn, isMetadataColumn, type MetadataSources } from '../domain/roster/metadataSources.ts'
import { custodyOptions, readCustodySource } from './readCustodySource.ts'
import { WrongUse } from './wrongUse.ts'

/** The options by which a command is told where feeds have what OneRoster has no field for, for `parseArgs`. */
export const sourceOptions = { ...custodyOptions, 'language-column': { type: 'string' } } as const

type Values = Partial<Record<keyof typeof sourceOptions, string>>

/** Undefined when nothing was said; null for `none`. @throws WrongUse */
export const readLanguageColumn = ({ 'language-column': column }: Values): MetadataColumn | null | undefined => {
  if (column === undefined) return undefined
  if (column === 'none') return null
  if (!isMetadataColumn(column)) throw new WrongUse('--language-column must be a column of metadata.*, or none')
  return column
}

/** What is not said is as it is for a district that says nothing. @throws WrongUse */
export const readMetadataSources = (values: Values): MetadataSources => {
  const languageColumn = readLanguageColumn(values)
  return { custody: readCustodySource(values), languageColumn: languageColumn === undefined ? homeLanguageColumn : languageColumn }
}

import type { CustodySource } from '../domain/roster/custody.ts'
import { isMetadataColumn } from '../domain/roster/metadataSources.ts'
import { WrongUse } from './wrongUse.ts'

/** The options by which a command is told of custody, for `parseArgs`. */
export const custodyOptions = {
  'custody-column': { type: 'string' },
  'custody-permitted': { type: 'string' },
  'custody-denied': { type: 'string' },
} as const

const toWords = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Null when nothing was said: then nobody's custody is known. @throws WrongUse */
export const readCustodySource = (values: Partial<Record<keyof typeof custodyOptions, string>>): CustodySource | null => {
  const { 'custody-column': column } = values
  const permitted = toWords(values['custody-permitted'])
  const denied = toWords(values['custody-denied'])
  if (column === undefined) {
    if (permitted.length + denied.length > 0) throw new WrongUse('--custody-permitted and --custody-denied need --custody-column')
    return null
  }
  if (!isMetadataColumn(column)) throw new WrongUse('--custody-column must be a column of metadata.*')
  if (permitted.length === 0) throw new WrongUse('--custody-permitted must say which words permit')
  return { column, permitted, denied }
}

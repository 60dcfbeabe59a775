import { pino, type DestinationStream, type Logger } from 'pino'
import { redactedNames } from '../db/dataClasses.ts'
import type { ApiConfig } from './config.ts'

/** Names beside those of the database under which a value may never be shown. */
const requestNames = ['authorization', 'token', 'text', 'fileName', 'url', 'fields', 'cookie']

/**
 * The process's log: one JSON line per event, ids and counts only. The names that the data classes guard are removed at the top
 * and one level down, as a second wall behind the rule that nobody logs them.
 */
export const openLog = (level: ApiConfig['logLevel'], destination?: DestinationStream): Logger => {
  const guarded = [...new Set([...redactedNames, ...requestNames])]
  return pino(
    {
      level,
      base: { component: 'api' },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: guarded.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    ...(destination === undefined ? [] : [destination]),
  )
}

import { pino, type DestinationStream, type Logger } from 'pino'
import { redactedNames } from '../db/dataClasses.ts'
import type { WorkerConfig } from './config.ts'

/**
 * The process's log: one JSON line per event, ids and counts only. The names that the data classes guard are removed at the top
 * and one level down, as a second wall behind the rule that nobody logs them.
 */
export const openLog = (level: WorkerConfig['logLevel'], destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { component: 'worker' },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedNames.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    ...(destination === undefined ? [] : [destination]),
  )

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

/** The words that a fault may be logged with: never a driver's message, which may quote a value. */
export const toLoggedFault = (error: unknown): { fault: string; code?: string } => {
  if (!(error instanceof Error)) return { fault: 'Unknown' }
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code) ? error.code : undefined
  return { fault: error.name, ...(code === undefined ? {} : { code }) }
}

import { pino, type DestinationStream, type Logger } from 'pino'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type LogOptions = {
  component: 'api' | 'worker'
  level: LogLevel
  /** Names under which no value may be shown: those of the columns that hold content, personal data or secrets. */
  guardedNames: readonly string[]
}

/** Names beside those of the database: what a request carries. */
const requestNames = ['authorization', 'token', 'text', 'fileName', 'url', 'fields', 'cookie']

/**
 * The process's log: one JSON line per event, ids and counts only. Guarded names are removed at the top and one level down, as a second
 * wall behind the rule that nobody logs them.
 */
export const openLog = ({ component, level, guardedNames }: LogOptions, destination?: DestinationStream): Logger => {
  const guarded = [...new Set([...guardedNames, ...requestNames])]
  return pino(
    {
      level,
      base: { component },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: guarded.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    ...(destination === undefined ? [] : [destination]),
  )
}

import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common'
import type { Logger } from 'pino'
import { toLoggableFault } from '../domain/toLoggableFault.ts'

const levels = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  keyof Logger
>

/** Lets the Temporal SDK log through ours. Of an error only its type is kept; of the rest, ids and plain values. */
export const toTemporalLogger = (log: Logger): TemporalLogger => {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const fields = Object.fromEntries(Object.entries(meta).filter(([name, value]) => name !== 'error' && isPlain(value)))
    log[levels[level]]({ ...fields, ...('error' in meta ? { fault: toLoggableFault(meta.error) } : {}) }, message)
  }
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  }
}

const isPlain = (value: unknown): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every((part) => typeof part === 'string'))

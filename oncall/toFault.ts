import { toLoggableFault } from '../domain/toLoggableFault.ts'

/** A fault by its kinds, never by its message, which may quote what it failed on. */
export const toFault = (error: unknown): string =>
  toLoggableFault(error)
    .map(({ name, code }) => (code === undefined ? name : `${name} (${code})`))
    .join(' ← ')

import { findFaultCode, toChain } from '../domain/toLoggableFault.ts'

const matches = (error: unknown, codes: RegExp): boolean => toChain(error).some((link) => codes.test(findFaultCode(link) ?? ''))

/** Whether a limit of Postgres itself stands in the way (SQLSTATE class 54, program limit exceeded): no repetition cures it. */
export const isBeyondLimits = (error: unknown): boolean => matches(error, /^54/)

/**
 * Whether the database ran out of what it gives to one piece of work: time (57014, 25P04), memory (53200), room for temporary files (53400). On a bad day a
 * feed of any size does, and one that does again and again is too large. The rest of class 53, and 08, 40, 55, 57P and 58, are outages: they hit every feed
 * alike, and pass.
 */
export const isOutOfRoom = (error: unknown): boolean => matches(error, /^(57014|25P04|53200|53400)$/)

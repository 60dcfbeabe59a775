/** Faults of what we stand on: which of them pass by themselves. */
import { findFaultCode, toChain } from '../domain/toLoggableFault.ts'

/**
 * Postgres: out of time (57014, 25P03, 25P04), lock not got (55P03), serialisation and deadlock (40001, 40P01), shutting down or starting
 * (57P0x), no connection (08xxx, 53300). The rest: the socket.
 */
const passingCodes =
  /^(57014|25P0[34]|55P03|40001|40P01|57P0[123]|08\w{3}|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN)$/

/** What the AWS SDK calls a service that is away or busy, where it does not say so by a status. */
const passingNames =
  /^(TimeoutError|Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|RequestTimeout)$/

/** The driver of Postgres, which has no code for it: lost in the middle of a statement, between two of a transaction, or never had. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed) and is not queryable)/

/** The key service or the store is away, or asks to be asked later (AWS SDK: `$retryable`, `$metadata`). */
const isServiceAway = (error: Error): boolean => {
  if (passingNames.test(error.name) || ('$retryable' in error && error.$retryable !== undefined)) return true
  const answer: unknown = '$metadata' in error ? error.$metadata : undefined
  const status = typeof answer === 'object' && answer !== null && 'httpStatusCode' in answer ? Number(answer.httpStatusCode) : 0
  return status >= 500 || status === 429
}

/** Whether a statement was cut by its timeout. */
export const isOutOfTime = (error: unknown): boolean => toChain(error).some((link) => findFaultCode(link) === '57014')

/** Whether repeating the request may help: the answer is 503, not 500. */
export const isPassingFault = (error: unknown): boolean =>
  toChain(error).some((link) => passingCodes.test(findFaultCode(link) ?? '') || isServiceAway(link) || lostConnection.test(link.message))

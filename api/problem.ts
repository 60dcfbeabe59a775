/**
 * The one file that speaks HTTP for what goes wrong (RFC 9457, law 13). An expected "no" is a `Refusal`;
 * everything else becomes a bare 500 whose details stay in the log.
 */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Refusal, refusalCodes, type RefusalCode } from '../domain/refusal.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import type { ApiEnv } from './apiEnv.ts'
import { InvalidInput, type FieldFault } from './invalidInput.ts'
import { isPassingFault } from './fault.ts'
import { problemTitles, type ProblemCode } from './problemTitles.ts'

/** The body of every answer of 4xx and 5xx. `errors` is present when fields are at fault. */
export type Problem = {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  errors?: FieldFault[]
  requestId: string
}

const codeByStatus: Partial<Record<number, RefusalCode>> = {
  400: 'malformed-body',
  413: 'body-too-large',
  415: 'unsupported-media-type',
}

/** Answers that carry nothing of the thing asked for, so that absent, hidden and foreign are the same bytes (law 3). */
const fixedDetails: Partial<Record<ProblemCode, string>> = {
  'not-found': 'There is nothing here, or nothing that you may see.',
  'internal-error': 'Something broke on our side. Quote the request id if you ask for help.',
}

const extraHeaders: Partial<Record<ProblemCode, Record<string, string>>> = {
  'not-signed-in': { 'WWW-Authenticate': 'Bearer' },
  // The rest of the body was not read, so nothing else can follow on the connection.
  'body-too-large': { Connection: 'close' },
  'try-again': { 'Retry-After': '1' },
  'idempotency-in-progress': { 'Retry-After': '1' },
  'too-many-streams': { 'Retry-After': '5' },
}

/** What kind of "no" an error is; `internal-error` for a stranger. */
const toCode = (error: unknown): ProblemCode => {
  if (error instanceof Refusal) return error.code
  if (error instanceof HTTPException) return codeByStatus[error.status] ?? 'internal-error'
  return isPassingFault(error) ? 'try-again' : 'internal-error'
}

const toFieldFaults = (error: unknown): FieldFault[] => {
  if (error instanceof InvalidInput) return error.faults
  if (error instanceof Refusal && error.field !== undefined) {
    return [{ in: 'body', pointer: error.field, code: error.code, message: error.message }]
  }
  return []
}

/** Builds the problem document of a code. `publicUrl` has no trailing slash. */
export const toProblem = (publicUrl: string, requestId: string, code: ProblemCode, detail: string, errors: FieldFault[] = []): Problem => ({
  type: `${publicUrl}/problems/${code}`,
  title: problemTitles[code].title,
  status: code === 'internal-error' ? 500 : refusalCodes[code],
  code,
  detail: fixedDetails[code] ?? detail,
  ...(errors.length === 0 ? {} : { errors }),
  requestId,
})

/** Answers `error` as a problem document. A stranger is logged without its message, which may quote what people wrote. */
export const answerProblem =
  (publicUrl: string) =>
  (error: unknown, c: Context<ApiEnv>): Response => {
    const code = toCode(error)
    if (code === 'internal-error' || code === 'try-again') {
      c.get('log').error({ requestId: c.get('requestId'), fault: toLoggableFault(error) }, 'request failed')
    }
    const detail = error instanceof Refusal ? error.message : problemTitles[code].meaning
    const problem = toProblem(publicUrl, c.get('requestId'), code, detail, code === 'not-found' ? [] : toFieldFaults(error))
    return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...extraHeaders[code],
      ...(error instanceof Refusal && error.retryAfterSeconds !== undefined ? { 'Retry-After': String(error.retryAfterSeconds) } : {}),
    })
  }

/**
 * An expected "no". It carries a stable code that clients may branch on, and text that is safe for the
 * person who asked. `api/problem.ts` is the one file that turns it into HTTP.
 */
export const refusalCodes = {
  'not-found': 404,
  'not-allowed': 403,
  'not-signed-in': 401,
  'invalid-input': 422,
  'malformed-body': 400,
  'method-not-allowed': 405,
  'state-conflict': 409,
  'idempotency-key-reused': 422,
  'idempotency-in-progress': 409,
  'event-id-reused': 409,
  'message-id-reused': 409,
  'terms-not-accepted': 403,
  'terms-not-published': 409,
  'posting-paused': 409,
  'posting-closed': 409,
  'translation-refused': 409,
  'translation-budget-exhausted': 409,
  'translation-impossible': 409,
  'translation-unavailable': 503,
  'file-type-not-allowed': 422,
  'file-too-large': 413,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'origin-not-allowed': 403,
  'too-many-streams': 429,
  'person-upload-quota': 429,
  'person-translation-quota': 429,
  'district-upload-quota': 429,
  'too-many-uploads-in-flight': 429,
  'uploads-paused': 429,
  'try-again': 503,
  'roster-busy': 503,
} as const satisfies Record<string, number>
export type RefusalCode = keyof typeof refusalCodes

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  /** JSON pointer or parameter name of the field at fault. */
  readonly field: string | undefined
  /** When asking again makes sense; the `Retry-After` of the answer. */
  readonly retryAfterSeconds: number | undefined
  constructor(code: RefusalCode, publicMessage: string, options: { field?: string; retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

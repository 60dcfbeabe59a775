import { z } from '@hono/zod-openapi'
import { problemTitles, type ProblemCode } from '../problemTitles.ts'

const codes = Object.keys(problemTitles) as [ProblemCode, ...ProblemCode[]]

const fieldFaultSchema = z
  .object({
    in: z.enum(['body', 'query', 'header']),
    pointer: z.string().openapi({ description: 'JSON pointer of the field', example: '/text' }),
    code: z.string(),
    message: z.string(),
  })
  .openapi('FieldFault')

const problemSchema = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string(),
    errors: z.array(fieldFaultSchema).optional(),
    requestId: z.string(),
  })
  .openapi('Problem', { description: 'A problem document (RFC 9457). Branch on `code`; `detail` is for people.' })

const toResponse = (description: string) => ({ description, content: { 'application/problem+json': { schema: problemSchema } } })

/** Answers that every route under /v1 may give. */
export const commonProblems = {
  401: toResponse('Not signed in'),
  500: toResponse('Internal error'),
  503: toResponse('Try again'),
}

export const hiddenProblem = { 404: toResponse('Absent, or not visible to the one who asks') }
export const inputProblems = {
  400: toResponse('Malformed body'),
  413: toResponse('Too large'),
  415: toResponse('Not application/json'),
  422: toResponse('A field does not fit, or the idempotency key was used for another request'),
}
export const queryProblem = { 422: toResponse('A parameter does not fit') }
export const forbiddenProblem = { 403: toResponse('Known, but not allowed') }
export const conflictProblem = {
  409: toResponse('The state does not allow it, or the same idempotent request is being worked on'),
}
export const rangeProblem = { 416: toResponse('The range lies outside the file') }
export const quotaProblem = {
  429: toResponse('A quota is used up, too many uploads are open, or uploads are paused; Retry-After says when to come back'),
}
export const askingProblem = {
  429: toResponse('You have asked for as many translations as one person may in a day; Retry-After says when to come back'),
}
export const streamsProblem = { 429: toResponse('Too many streams') }

import type { Hook } from '@hono/zod-openapi'
import type { ZodError } from 'zod'
import { Refusal } from '../domain/refusal.ts'
import type { ApiEnv } from './apiEnv.ts'

/** One field at fault. `pointer` is a JSON pointer into the part of the request that `in` names. */
export type FieldFault = { in: 'body' | 'query' | 'header'; pointer: string; code: string; message: string }

/** Input that does not fit the contract: 422 with every field at fault. */
export class InvalidInput extends Refusal {
  readonly faults: FieldFault[]
  constructor(faults: FieldFault[]) {
    super('invalid-input', 'The input does not fit the contract.')
    this.faults = faults
  }
}

/** A hostile body can be wrong in a million places; the answer stays small. */
const faultsMax = 20
const pointerCharactersMax = 200

const toPointer = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, pointerCharactersMax)

const toFaults = (error: ZodError, part: FieldFault['in']): FieldFault[] =>
  error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            in: part,
            pointer: toPointer([...issue.path, key]),
            code: 'unknown-field',
            message: 'This field is not known.',
          }))
        : [{ in: part, pointer: toPointer(issue.path), code: issue.code.replaceAll('_', '-'), message: issue.message }],
    )
    .slice(0, faultsMax)

/**
 * What happens when a request does not fit its contract. An id in the path that is no id names nothing:
 * the same 404 as an id that names nothing (law 3).
 * @throws {InvalidInput | Refusal}
 */
export const refuseInvalidInput: Hook<unknown, ApiEnv, string, undefined> = (result) => {
  if (result.success) return
  if (result.target === 'param') throw new Refusal('not-found', 'No such id.')
  throw new InvalidInput(toFaults(result.error, result.target === 'json' ? 'body' : result.target === 'header' ? 'header' : 'query'))
}

import type { Decision } from '../domain/access.ts'
import { Refusal } from '../domain/refusal.ts'

/** The uniform "no": absent, hidden and foreign are one answer (law 3). */
export const hidden = (): Refusal => new Refusal('not-found', 'There is nothing here, or nothing that you may see.')

/**
 * Turns a decision into a refusal unless it allows.
 * @throws {Refusal} `not-found` for hide, `not-allowed` for forbid.
 */
export const requireAllowed = (decision: Decision): void => {
  if (decision === 'hide') throw hidden()
  if (decision === 'forbid') throw new Refusal('not-allowed', 'This act is not yours.')
}

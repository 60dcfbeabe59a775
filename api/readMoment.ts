import { eventLimits } from '../domain/roster/rosterEvents.ts'
import { InvalidInput } from './invalidInput.ts'

/** A time in the past, as somebody else's clock has it. @throws {InvalidInput} when it lies ahead by more than clocks differ. */
export const readMoment = (pointer: string, text: string): Date => {
  const at = new Date(text)
  if (at.getTime() <= Date.now() + eventLimits.skewSeconds * 1_000) return at
  throw new InvalidInput([{ in: 'body', pointer, code: 'in-the-future', message: 'It has not happened yet.' }])
}

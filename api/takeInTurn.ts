import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../domain/refusal.ts'
import { eventLimits } from '../domain/roster/rosterEvents.ts'

/** While somebody else changes the roster: looks again, at first soon, without a connection meanwhile. */
const firstWaitMs = 20
const longestWaitMs = 250

/**
 * Changes a district's roster as soon as nobody else does. `take` is one transaction each time, which takes the lock or answers `busy` at once.
 * @throws {Refusal} `roster-busy`, with the time after which to ask again, when others took too long: nothing was done.
 */
export const takeInTurn = async <T>(take: () => Promise<T | 'busy'>): Promise<T> => {
  const until = Date.now() + eventLimits.lockWaitMs
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    const taken = await take()
    if (taken !== 'busy') return taken
    if (Date.now() + waitMs > until)
      throw new Refusal('roster-busy', 'Another change of this roster is being applied. Send the same again.', {
        retryAfterSeconds: eventLimits.lockRetrySeconds,
      })
    await sleep(waitMs)
  }
}

import { log } from '@temporalio/activity'
import type { DistrictKeys } from '../../db/districtKeys.ts'
import { withDistrict, type Database } from '../../db/openDatabase.ts'
import { findEmailHash } from '../../db/queries/findEmailHash.ts'
import { markAddressRefused } from '../../db/queries/markRefused.ts'
import { setMailOff } from '../../db/queries/setNotifications.ts'
import type { FeedbackQueue } from '../../domain/ports.ts'
import { readFeedback, type Feedback } from '../../domain/notices/readFeedback.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'

type FeedbackDeps = { app: Database; districtKeys: DistrictKeys; feedbackQueue: FeedbackQueue | null }

/** `bounced`, `complained`: of people who have that address still. `ignored`: nothing follows from it. `unreadable`: left in the queue, whose own policy sets it aside. */
export type FeedbackCounts = { bounced: number; complained: number; ignored: number; unreadable: number }
type Outcome = keyof FeedbackCounts

/** The next turn takes what is left. */
const receivesPerTurn = 100

/**
 * Takes what mail servers said later of mails that they had taken: an address that bounced for good gets no mail until the roster has another, and whoever complained gets
 * none until they want it again. Doing it twice changes nothing more: a message is removed after what it says is written.
 */
export const createTakeMailFeedback =
  ({ feedbackQueue, ...deps }: FeedbackDeps) =>
  (): Promise<FeedbackCounts> =>
    whileHeartbeating(async (signal) => {
      const counts: FeedbackCounts = { bounced: 0, complained: 0, ignored: 0, unreadable: 0 }
      if (feedbackQueue === null) return counts
      for (let turn = 0; turn < receivesPerTurn; turn += 1) {
        signal.throwIfAborted()
        const messages = await feedbackQueue.receive()
        if (messages.length === 0) break
        for (const { body, receipt } of messages) {
          const outcome = await take(deps, body)
          counts[outcome] += 1
          if (outcome !== 'unreadable') await feedbackQueue.remove(receipt)
        }
      }
      if (counts.unreadable > 0) log.warn('feedback on mails could not be read', { count: counts.unreadable })
      return counts
    })

const take = async (deps: Omit<FeedbackDeps, 'feedbackQueue'>, body: string): Promise<Outcome> => {
  const feedback = readFeedback(body)
  if (feedback === null) return 'unreadable'
  if (feedback === 'no-act' || !(await settle(deps, feedback))) return 'ignored'
  return feedback.kind === 'bounce' ? 'bounced' : 'complained'
}

/** Writes what it says, if the address is the person's still: of an earlier one, or of somebody who is not there, nothing follows. */
const settle = async (
  { app, districtKeys }: Omit<FeedbackDeps, 'feedbackQueue'>,
  { kind, districtId, userId, addresses }: Feedback,
): Promise<boolean> => {
  // Before any key is asked for: of a district that is not there none may be made.
  const found = await withDistrict(app, districtId, (tx) => findEmailHash(tx, userId))
  const emailHash = found?.emailHash ?? null
  if (emailHash === null) return false
  const cipher = await districtKeys.forDistrict(districtId)
  if (!addresses.some((address) => cipher.hashForLookup(address).equals(emailHash))) return false
  await withDistrict(app, districtId, (tx) =>
    kind === 'bounce' ? markAddressRefused(tx, { userId, emailHash }) : setMailOff(tx, { userId, isOff: true }),
  )
  return true
}

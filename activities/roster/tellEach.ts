import { ApplicationFailure } from '@temporalio/activity'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import type { ClaimedNotice, NoticeClaim } from '../../db/queries/claimNotice.ts'
import type { Mail } from '../../domain/ports.ts'
import { mailOnce } from '../mailOnce.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Some news, and who is still to be told of it: by which attempt, page by page, each claimed before they are written to. */
export type News = {
  attempt: number
  list(tx: DistrictTransaction, page: { after: string | null; limit: number }): Promise<readonly { userId: string }[]>
  claim(tx: DistrictTransaction, userId: string, by: NoticeClaim): Promise<ClaimedNotice | null>
  markTold(tx: DistrictTransaction, userId: string): Promise<void>
  toMail(userId: string): Omit<Mail, 'to' | 'recipient'>
}

const peopleAtOnce = 50

type TellDeps = Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>

/**
 * Tells each person once, by mail. Who is told is decided as their turn comes. Told twice only if this worker dies between the mail and the note of it.
 * Answers how many were told. @throws ApplicationFailure, retryable, while an attempt that was given up may still be telling somebody.
 */
export const tellEach = (deps: TellDeps, districtId: string, news: News): Promise<{ told: number }> =>
  whileHeartbeating(async (signal) => {
    const tellOne = await createTellOne(deps, districtId, news)
    const list = (after: string | null, limit: number) => withDistrict(deps.app, districtId, (tx) => news.list(tx, { after, limit }))
    let told = 0
    let after: string | null = null
    for (;;) {
      const people: readonly { userId: string }[] = await list(after, peopleAtOnce)
      for (const { userId } of people) {
        signal.throwIfAborted()
        if (await tellOne(userId)) told += 1
        after = userId
      }
      if (people.length < peopleAtOnce) break
    }
    if ((await list(null, 1)).length > 0) throw ApplicationFailure.retryable('another attempt is telling somebody', 'ToldElsewhere')
    return { told }
  })

/** Answers whether somebody was written to. */
const createTellOne = async ({ app, districtKeys, mailer }: TellDeps, districtId: string, news: News) => {
  const cipher = await districtKeys.forDistrict(districtId)
  return async (userId: string): Promise<boolean> => {
    const claimed = await withDistrict(app, districtId, (tx) => news.claim(tx, userId, { attempt: news.attempt }))
    if (claimed === null) return false
    const to = claimed.email === null ? null : cipher.openText({ table: 'users', rowId: userId, column: 'email' }, claimed.email)
    const isTold = to !== null && (await mailOnce(mailer, { ...news.toMail(userId), to, recipient: { districtId, userId } }))
    await withDistrict(app, districtId, (tx) => news.markTold(tx, userId))
    return isTold
  }
}

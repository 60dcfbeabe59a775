import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import type { Mail } from '../../domain/ports.ts'
import { mailOnce } from '../mailOnce.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Some news, and who is still to be told of it. `email` is sealed for the row of `userId` in `users`; null for who needs no telling. */
export type News = {
  next(tx: DistrictTransaction, limit: number): Promise<readonly { userId: string; email: Buffer | null }[]>
  markTold(tx: DistrictTransaction, userId: string): Promise<void>
  toMail(userId: string): Omit<Mail, 'to'>
}

const peopleAtOnce = 50

/**
 * Tells each person once, by mail. Who is told is decided as they are listed, a few at a time. Told twice only if this worker dies between the mail and the
 * note of it. Answers how many were told.
 */
export const tellEach = (
  { app, districtKeys, mailer }: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>,
  districtId: string,
  news: News,
): Promise<{ told: number }> =>
  whileHeartbeating(async (signal) => {
    const cipher = await districtKeys.forDistrict(districtId)
    let told = 0
    for (;;) {
      const people = await withDistrict(app, districtId, (tx) => news.next(tx, peopleAtOnce))
      for (const { userId, email } of people) {
        signal.throwIfAborted()
        const to = email === null ? null : cipher.openText({ table: 'users', rowId: userId, column: 'email' }, email)
        if (to !== null && (await mailOnce(mailer, { ...news.toMail(userId), to }))) told += 1
        await withDistrict(app, districtId, (tx) => news.markTold(tx, userId))
      }
      if (people.length < peopleAtOnce) return { told }
    }
  })

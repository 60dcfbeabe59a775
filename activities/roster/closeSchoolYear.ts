import { withDistrict } from '../../db/openDatabase.ts'
import { closeYearChannels, listYearNotices, markYearTold, settleYearEnd } from '../../db/queries/closeSchoolYear.ts'
import { yearEndNotice } from '../../domain/roster/yearEndNotice.ts'
import type { YearRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import { mailOnce } from './mailOnce.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Small enough for one statement to stay far below its time. */
const channelsAtOnce = 500
const peopleAtOnce = 50

/** Marks every channel of a school year as closed, as long as the year is over. Answers how many this try closed. */
export const createCloseYearChannels =
  ({ app }: Pick<RosterDeps, 'app'>) =>
  ({ districtId, schoolYear }: YearRef): Promise<{ channels: number }> =>
    whileHeartbeating(async (signal) => {
      let channels = 0
      for (;;) {
        signal.throwIfAborted()
        const { count } = await withDistrict(app, districtId, (tx) => closeYearChannels(tx, { schoolYear, limit: channelsAtOnce }))
        channels += count
        if (count < channelsAtOnce) return { channels }
      }
    })

/** Tells each person once, by mail without content. Told twice only if this worker dies between the mail and the note of it. */
export const createTellYearEnded =
  ({ app, districtKeys, mailer }: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  ({ districtId, schoolYear }: YearRef): Promise<{ told: number }> =>
    whileHeartbeating(async (signal) => {
      const cipher = await districtKeys.forDistrict(districtId)
      let told = 0
      for (;;) {
        const people = await withDistrict(app, districtId, (tx) => listYearNotices(tx, { schoolYear, limit: peopleAtOnce }))
        for (const { userId, email } of people) {
          signal.throwIfAborted()
          const to = email === null ? null : cipher.openText({ table: 'users', rowId: userId, column: 'email' }, email)
          if (to !== null && (await mailOnce(mailer, { id: `school-year.${schoolYear}.${userId}`, to, ...yearEndNotice }))) told += 1
          await withDistrict(app, districtId, (tx) => markYearTold(tx, { schoolYear, userId }))
        }
        if (people.length < peopleAtOnce) return { told }
      }
    })

/** Leaves the report in the audit log of the district, once. */
export const createSettleYearEnd =
  ({ app }: Pick<RosterDeps, 'app'>) =>
  async ({ districtId, schoolYear, attempt }: YearRef): Promise<{ isSettled: boolean }> => ({
    isSettled: (await withDistrict(app, districtId, (tx) => settleYearEnd(tx, { schoolYear, attempt }))) !== null,
  })

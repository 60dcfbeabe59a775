import { withDistrict } from '../../db/openDatabase.ts'
import { claimYearNotice, closeYearChannels, listYearNotices, markYearTold, settleYearEnd } from '../../db/queries/closeSchoolYear.ts'
import { yearEndNotice } from '../../domain/roster/yearEndNotice.ts'
import type { YearRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { tellEach } from './tellEach.ts'
import { untilNone } from './untilNone.ts'

/** Small enough for one statement to stay far below its time. */
const channelsAtOnce = 500

/** Marks every channel of a school year as closed, as long as the year is over. Answers how many this try closed. */
export const createCloseYearChannels =
  ({ app }: Pick<RosterDeps, 'app'>) =>
  ({ districtId, schoolYear }: YearRef): Promise<{ channels: number }> =>
    whileHeartbeating(async (signal) => ({
      channels: await untilNone(channelsAtOnce, signal, (limit) =>
        withDistrict(app, districtId, (tx) => closeYearChannels(tx, { schoolYear, limit })),
      ),
    }))

/** Tells each person once that the year has ended, by mail without content. */
export const createTellYearEnded =
  (deps: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  ({ districtId, schoolYear, attempt }: YearRef): Promise<{ told: number }> =>
    tellEach(deps, districtId, {
      attempt,
      list: (tx, page) => listYearNotices(tx, { schoolYear, ...page }),
      claim: (tx, userId, by) => claimYearNotice(tx, { schoolYear, userId, by }),
      markTold: (tx, userId) => markYearTold(tx, { schoolYear, userId }),
      // A year that ended twice is told of twice.
      toMail: (userId) => ({ id: `school-year.${schoolYear}.${userId}${attempt === 1 ? '' : `.${attempt}`}`, ...yearEndNotice }),
    })

/** Leaves the report in the audit log of the district, once. */
export const createSettleYearEnd =
  ({ app }: Pick<RosterDeps, 'app'>) =>
  async ({ districtId, schoolYear, attempt }: YearRef): Promise<{ isSettled: boolean }> => ({
    isSettled: (await withDistrict(app, districtId, (tx) => settleYearEnd(tx, { schoolYear, attempt }))) !== null,
  })

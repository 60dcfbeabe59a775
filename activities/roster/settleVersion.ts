import { withDistrict } from '../../db/openDatabase.ts'
import {
  cancelEndedUploads,
  claimParted,
  closeEndedSessions,
  closeSettlement,
  listParted,
  markSettled,
  markTold,
  noteParted,
} from '../../db/queries/settleVersion.ts'
import { partedNotice } from '../../domain/roster/partedNotice.ts'
import type { VersionRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { tellEach } from './tellEach.ts'
import { untilNone } from './untilNone.ts'

type Deps = Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>

/** Small enough for one statement to stay far below its time. */
const rowsAtOnce = 1_000

/** Signs out whom the version ended, and cancels uploads into conversations that it closed. Answers how many of each. */
export const createCutOff =
  ({ app }: Pick<Deps, 'app'>) =>
  ({ districtId, version }: VersionRef): Promise<{ sessions: number; uploads: number }> =>
    whileHeartbeating(async (signal) => {
      const { count: sessions } = await withDistrict(app, districtId, (tx) => closeEndedSessions(tx, version))
      const uploads = await untilNone(rowsAtOnce, signal, (limit) =>
        withDistrict(app, districtId, (tx) => cancelEndedUploads(tx, { version, limit })),
      )
      return { sessions, uploads }
    })

/**
 * Tells each person once that conversations of theirs were closed, by mail without content. Whoever the roster connects again by then has nothing to be
 * told.
 */
export const createTellParted =
  (deps: Deps) =>
  async ({ districtId, version, attempt = 1 }: VersionRef): Promise<{ told: number }> => {
    await withDistrict(deps.app, districtId, (tx) => noteParted(tx, version))
    return tellEach(deps, districtId, {
      attempt,
      list: (tx, page) => listParted(tx, { version, ...page }),
      claim: (tx, userId, by) => claimParted(tx, { version, userId, by }),
      markTold: (tx, userId) => markTold(tx, { version, userId }),
      toMail: (userId) => ({ id: `roster.${version}.${userId}`, ...partedNotice }),
    })
  }

/** The receipts of the version say that everything was done, and then the version does. */
export const createCloseVersion =
  ({ app }: Pick<Deps, 'app'>) =>
  ({ districtId, version }: VersionRef): Promise<{ endings: number }> =>
    whileHeartbeating(async (signal) => {
      const mark = (limit: number) => withDistrict(app, districtId, (tx) => markSettled(tx, { version, limit }))
      const endings = await untilNone(rowsAtOnce, signal, mark)
      await withDistrict(app, districtId, (tx) => closeSettlement(tx, version))
      return { endings }
    })

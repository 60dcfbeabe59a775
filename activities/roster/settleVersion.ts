import { withDistrict } from '../../db/openDatabase.ts'
import { cancelEndedUploads, closeEndedSessions, listParted, markSettled, markTold, noteParted } from '../../db/roster/settleVersion.ts'
import { partedNotice } from '../../domain/roster/partedNotice.ts'
import type { VersionRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import { mailOnce } from './mailOnce.ts'
import type { RosterDeps } from './rosterDeps.ts'

type Deps = Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>

/** Small enough for one statement to stay far below its time. */
const rowsAtOnce = 1_000
const peopleAtOnce = 50

const untilNone = async (work: () => Promise<{ count: number }>, signal: AbortSignal): Promise<number> => {
  let total = 0
  for (;;) {
    signal.throwIfAborted()
    const { count } = await work()
    total += count
    if (count < rowsAtOnce) return total
  }
}

/** Signs out whom the version ended, and cancels uploads into conversations that it closed. Answers how many of each. */
export const createCutOff =
  ({ app }: Pick<Deps, 'app'>) =>
  ({ districtId, version }: VersionRef): Promise<{ sessions: number; uploads: number }> =>
    whileHeartbeating(async (signal) => {
      const { count: sessions } = await withDistrict(app, districtId, (tx) => closeEndedSessions(tx, version))
      const uploads = await untilNone(
        () => withDistrict(app, districtId, (tx) => cancelEndedUploads(tx, { version, limit: rowsAtOnce })),
        signal,
      )
      return { sessions, uploads }
    })

/**
 * Tells each person once that conversations of theirs were closed, by mail without content. Who is told is decided at that moment: whoever the roster
 * connects again by then has nothing to be told. Told twice only if this worker dies between the mail and the note of it.
 */
export const createTellParted =
  ({ app, districtKeys, mailer }: Deps) =>
  ({ districtId, version }: VersionRef): Promise<{ told: number }> =>
    whileHeartbeating(async (signal) => {
      await withDistrict(app, districtId, (tx) => noteParted(tx, version))
      const cipher = await districtKeys.forDistrict(districtId)
      let told = 0
      for (;;) {
        const people = await withDistrict(app, districtId, (tx) => listParted(tx, { version, limit: peopleAtOnce }))
        for (const person of people) {
          signal.throwIfAborted()
          const to = person.email === null ? null : cipher.openText({ table: 'users', rowId: person.userId, column: 'email' }, person.email)
          if (to !== null && (await mailOnce(mailer, { id: `roster.${version}.${person.userId}`, to, ...partedNotice }))) told += 1
          await withDistrict(app, districtId, (tx) => markTold(tx, { version, userId: person.userId }))
        }
        if (people.length < peopleAtOnce) return { told }
      }
    })

/** The receipts of the version say that everything was done. */
export const createCloseVersion =
  ({ app }: Pick<Deps, 'app'>) =>
  ({ districtId, version }: VersionRef): Promise<{ endings: number }> =>
    whileHeartbeating(async (signal) => ({
      endings: await untilNone(() => withDistrict(app, districtId, (tx) => markSettled(tx, { version, limit: rowsAtOnce })), signal),
    }))

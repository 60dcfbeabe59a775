import { acrossDistricts, withDistrict } from '../../../db/openDatabase.ts'
import type { Database } from '../../../db/openDatabase.ts'
import { claimPull } from '../../../db/queries/claimPull.ts'
import { listDuePulls } from '../../../db/queries/listDuePulls.ts'
import { toPullStart } from '../../../workflows/contract.ts'
import { sweepPages } from '../../sweepPages.ts'

type DueDeps = { app: Database; sweeper: Database; rosterQueue: string }

/** Begins every pull whose time has come and whose last sync has ended. Answers how many. Safe to run twice, and by two at once. */
export const createStartDuePulls =
  ({ app, sweeper, rosterQueue }: DueDeps) =>
  async (): Promise<number> => {
    const startFor = toPullStart(rosterQueue)
    const swept = await sweepPages(
      (page) => acrossDistricts(sweeper, (tx) => listDuePulls(tx, page)),
      ({ pullId }) => pullId,
      async ({ districtId, pullId }) =>
        (await withDistrict(app, districtId, (tx) => claimPull(tx, { pullId, startFor }))) === null ? 'waiting' : 'started',
    )
    return swept.get('started') ?? 0
  }

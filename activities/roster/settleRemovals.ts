import { sql } from 'kysely'
import { withDistrict } from '../../db/openDatabase.ts'
import { settleRemovals, type SettledRemovals } from '../../db/roster/settleRemovals.ts'
import { toSettlingStart, type RemovalRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Half a million suspensions of a large district are settled in one statement each. */
const settleTimeoutMs = 300_000

/** Puts into effect what the district decided of held removals. Answers `waiting` as long as nobody has. */
export const createSettleRemovals =
  ({ app, rosterQueue }: Pick<RosterDeps, 'app' | 'rosterQueue'>) =>
  ({ districtId, syncId }: RemovalRef): Promise<Pick<SettledRemovals, 'outcome' | 'endings'>> =>
    whileHeartbeating(() =>
      withDistrict(
        app,
        districtId,
        async (tx) => {
          await sql`select set_config('statement_timeout', ${String(settleTimeoutMs)}, true)`.execute(tx.db)
          const { outcome, endings } = await settleRemovals(tx, syncId, toSettlingStart(rosterQueue))
          return { outcome, endings }
        },
        { transactionTimeoutMs: settleTimeoutMs },
      ),
    )

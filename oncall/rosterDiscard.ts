import { withDistrict } from '../db/openDatabase.ts'
import { discardRemovals } from '../db/queries/discardRemovals.ts'
import { listSyncCounts } from '../db/queries/listSyncCounts.ts'
import type { Sync } from '../db/queries/listSyncs.ts'
import { decideRemovalId, lookNowSignal } from '../workflows/contract.ts'
import { actOnSync, getSync } from './oneSync.ts'
import { defineCommand } from './command.ts'
import { toOrigin } from './findOperator.ts'
import type { Oncall } from './openOncall.ts'
import { toTable } from './toTable.ts'

export const rosterDiscard = defineCommand({
  words: 'roster discard',
  summary: 'discards the removals that the brake holds of a sync: everybody they cut off is back',
  help: `<syncId> [--apply --reason <why>] [--json]

Without --apply nothing is changed: it says how many rows of each kind are held. The district's own administrators decide on held removals, and only
they can approve them; this is for a district that asks us to, because nobody there can sign in. What was decided stands.
`,
  ...actOnSync,
  run: async (oncall, given, named, asked) => {
    const sync = await getSync(oncall, named)
    const { syncId, districtId } = sync
    const counts = await withDistrict(oncall.database, districtId, (tx) => listSyncCounts(tx, syncId))
    const held = counts.filter(({ suspended }) => suspended > 0).map(({ subject, suspended }) => ({ subject, suspended }))
    const isDiscarded =
      given.apply &&
      (await withDistrict(oncall.database, districtId, (tx) => discardRemovals(tx, { syncId, ...toOrigin(asked, given.reason) })))
    const isWoken = isDiscarded && (await wakeDecision(oncall, sync))
    const outcome = isDiscarded ? 'discarding' : given.apply ? 'moved-on' : (sync.removals ?? 'nothing held')
    return {
      json: { applied: given.apply, syncId, districtId, outcome, held, ...(isDiscarded ? { isWoken } : {}) },
      text: [
        toTable([given.apply ? 'DONE' : 'NOW', 'SYNC', 'DISTRICT'], [[outcome, syncId, districtId]]),
        held.length === 0
          ? ''
          : `\n${toTable(
              ['HELD', 'ROWS'],
              held.map(({ subject, suspended }) => [subject, suspended]),
            )}`,
        isDiscarded && !isWoken ? 'The run that waits for it could not be told: it looks by itself.\n' : '',
        given.apply ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n',
      ].join(''),
      hasFailed: given.apply ? !isDiscarded : sync.removals !== 'waiting',
    }
  },
})

/** A hint: the decision is in the row, and the run looks by itself. */
const wakeDecision = async ({ looker }: Oncall, { syncId, attempt }: Sync): Promise<boolean> => {
  try {
    await looker.withDeadline(Date.now() + 3_000, () => looker.workflow.getHandle(decideRemovalId(syncId, attempt)).signal(lookNowSignal))
    return true
  } catch {
    return false
  }
}

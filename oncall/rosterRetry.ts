import { withDistrict } from '../db/openDatabase.ts'
import type { Sync } from '../db/queries/listSyncs.ts'
import { recordAudit, type AuditOrigin } from '../db/queries/recordAudit.ts'
import { replaySync } from '../db/queries/replaySync.ts'
import { lookNowSignal, syncRosterId, toSyncStart } from '../workflows/contract.ts'
import { actOnSync, getSync } from './oneSync.ts'
import { defineCommand } from './command.ts'
import { toOrigin } from './findOperator.ts'
import { lookAtSync, type LookedAtSync } from './lookAtSync.ts'
import type { Oncall } from './openOncall.ts'
import { signalRun } from './signalRun.ts'
import { startAtOnce } from './startAtOnce.ts'
import { startWaiting } from './startWaiting.ts'
import { toTable } from './toTable.ts'

/** `moved-on`: between looking and acting the row went another way, and nothing was done. `unknown`: nobody knows whether its run is open. */
type Outcome = { outcome: 'woken' | 'started' | 'retried' | 'moved-on' | 'unknown'; workflowId?: string; isStarted?: boolean }

export const rosterRetry = defineCommand({
  words: 'roster retry',
  summary: 'brings a sync on that failed, or lost its run: the same feed, under the next attempt',
  help: `<syncId> [--apply --reason <why>] [--json]

Without --apply nothing is changed: it says what it would do.

  replay  the sync failed, or its run was terminated, cancelled, timed out or is gone: it is queued again under the next attempt. What it says
          keeps its time: nothing newer is undone
  wake    its run is open: it is told to look whether it is its turn. One that hangs is terminated first, and then retried
  start   its run was asked for and never started: it is started at once
  leave   it has ended, or its feed has not come: a feed that cannot be read is sent again by the district
  wait    Temporal does not answer, so nobody knows whether its run is open
`,
  ...actOnSync,
  run: async (oncall, given, named, asked) => {
    const sync = await getSync(oncall, named)
    const looked = await lookAtSync(oncall, sync)
    const done = given.apply ? await bringOn(oncall, looked, toOrigin(asked, given.reason)) : undefined
    const isUndone = looked.decision === 'leave' || looked.decision === 'wait' || done?.outcome === 'moved-on'
    const { districtId, state, attempt } = sync
    const note = done?.isStarted === false ? 'the relay starts it' : null
    const workflowId = done?.workflowId ?? looked.workflowId
    return {
      json: { applied: given.apply, syncId: sync.syncId, districtId, state, attempt, decision: looked.decision, ...done, workflowId },
      text:
        toTable(
          [given.apply ? 'DONE' : 'WOULD', 'SYNC', 'DISTRICT', 'STATE', 'ATTEMPT', 'RUN', 'NOTE'],
          [[done?.outcome ?? looked.decision, sync.syncId, districtId, state, attempt, workflowId, note]],
        ) + (given.apply ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n'),
      hasFailed: isUndone,
    }
  },
})

const bringOn = (oncall: Oncall, { sync, decision }: LookedAtSync, by: AuditOrigin): Promise<Outcome> => {
  if (decision === 'replay') return replay(oncall, sync, by)
  if (decision === 'start') return startWaiting(oncall, sync.districtId, syncRosterId(sync.syncId, sync.attempt), by)
  if (decision === 'wake') return wake(oncall, sync, by)
  return Promise.resolve({ outcome: decision === 'wait' ? 'unknown' : 'moved-on' })
}

const replay = async (oncall: Oncall, { districtId, syncId, attempt }: Sync, by: AuditOrigin): Promise<Outcome> => {
  const startFor = toSyncStart(oncall.config.TASK_QUEUE_ROSTER)
  const start = await withDistrict(oncall.database, districtId, (tx) =>
    replaySync(tx, { syncId, attempt, startFor, onlyOpen: false, ...by }),
  )
  if (start === null) return { outcome: 'moved-on' }
  return { outcome: 'retried', workflowId: start.workflowId, isStarted: await startAtOnce(oncall, { ...start, districtId }) }
}

/** Written down first, since a signal cannot be taken back. */
const wake = async (oncall: Oncall, { districtId, syncId, attempt }: Sync, by: AuditOrigin): Promise<Outcome> => {
  await withDistrict(oncall.database, districtId, (tx) =>
    recordAudit(tx, {
      ...by,
      action: 'roster-sync.look-now',
      target: { kind: 'roster-sync', id: syncId },
      details: { ...by.details, attempt },
    }),
  )
  return { outcome: (await signalRun(oncall, syncRosterId(syncId, attempt), lookNowSignal)) ? 'woken' : 'moved-on' }
}

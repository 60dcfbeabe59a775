import { setTimeout as wait } from 'node:timers/promises'
import { Refused } from '../refused.ts'
import type { Machine } from './openMachine.ts'
import { syncDetailShape, type SentSync } from './syncShapes.ts'

/** Of which district which sync. */
export type SyncPlace = { districtId: string; syncId: string }

/** `waitMs`: for so long; without it, as long as it takes. `onState` hears each state once. */
export type Patience = { waitMs?: number; onState?: (state: string, syncId: string) => void }

const pauseMs = { least: 50, most: 5_000 }

/** Looks at a sync until `isOver`, the more seldom the longer it takes: what is seen is late by no more than a quarter of the wait. @throws Refused */
export const followSync = async (
  machine: Machine,
  { districtId, syncId }: SyncPlace,
  isOver: (sync: SentSync) => boolean,
  { waitMs = Infinity, onState = () => undefined }: Patience = {},
): Promise<SentSync> => {
  const path = `/v1/districts/${districtId}/roster-syncs/${syncId}`
  const beganAt = performance.now()
  for (let shown = ''; ;) {
    const sync = await machine.call('GET', path, syncDetailShape)
    if (sync.state !== shown) onState(sync.state, syncId)
    if (isOver(sync)) return sync
    const waitedMs = performance.now() - beganAt
    if (waitedMs > waitMs)
      throw new Refused(`sync ${syncId} is ${sync.state} and goes on by itself\n  mend: look at it later, by GET ${path}`)
    shown = sync.state
    await wait(Math.min(Math.max(waitedMs / 4, pauseMs.least), pauseMs.most))
  }
}

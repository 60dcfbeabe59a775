import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import { inTurn } from './inTurn.ts'

/** Counts of one sweep. */
export type SweepOutcome = {
  delayed: number
  tickets: { expired: number; started: number }
  replayedScans: number
  objects: { removed: number; started: number }
}

/**
 * Looks at the world again and repairs it (law 6): uploads that wait too long are told to the engineers, first of all; then tickets without an
 * upload, uploads nobody completed, scans without a run, uploads that no row wants. Every step is safe to run beside live traffic and to run twice.
 * Runs often, so it looks at what is short-lived, and ends in minutes: the next one alerts again.
 */
export async function sweepAttachments(): Promise<SweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    scheduleToCloseTimeout: '5 minutes',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  // It posts to the pager, which may take its time; it does not say meanwhile that it lives.
  const { alertDelayed } = proxyActivities<SweepActivities>({
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '1 second', maximumAttempts: 2 },
  })
  const swept = await inTurn({
    delayed: alertDelayed,
    tickets: act.settleTickets,
    replayedScans: act.restartLostScans,
    objects: act.sweepIncoming,
  })
  const { delayed, tickets, replayedScans, objects } = swept
  setCurrentDetails(
    `delayed ${delayed} · tickets expired ${tickets.expired} · scans started ${tickets.started + objects.started}, replayed ${replayedScans} · objects removed ${objects.removed}`,
  )
  return swept
}

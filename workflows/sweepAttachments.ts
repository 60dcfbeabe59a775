import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Counts of one sweep. */
export type SweepOutcome = {
  tickets: { expired: number; started: number }
  replayedScans: number
  objects: { removed: number; started: number }
}

/**
 * Looks at the world again and repairs it (law 6): tickets without an upload, uploads nobody completed, scans without a run,
 * uploads that no row wants. Every step is safe to run beside live traffic and to run twice. Runs often, so it looks at what is short-lived.
 */
export async function sweepAttachments(): Promise<SweepOutcome> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const tickets = await act.settleTickets()
  const replayedScans = await act.restartLostScans()
  const objects = await act.sweepIncoming()
  setCurrentDetails(
    `tickets expired ${tickets.expired} · scans started ${tickets.started + objects.started}, replayed ${replayedScans} · objects removed ${objects.removed}`,
  )
  return { tickets, replayedScans, objects }
}

import { relayOutbox } from '../../worker/relayOutbox.ts'
import type { WorkerConfig } from '../../worker/config.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { inActivity } from '../support/inActivity.ts'
import { present } from '../support/present.ts'

/** What the schedules do, sooner or later. The purge is not among them: it would take what is to be found. */
const repairs = ['settleTickets', 'restartLostScans', 'sweepIncoming', 'sweepPlaced', 'abortStaleUploads', 'forgetStale'] as const

/** Lets the relay and these activities of schedules have their turn, as they have in the hours after a death. */
export const repair = async (
  { config, adapters }: { config: WorkerConfig; adapters: Adapters },
  names: readonly string[] = repairs,
): Promise<void> => {
  await relayOutbox({ ...adapters, ageSeconds: 0 })
  const activities = Object.assign({}, ...toWorkersPlan(config, adapters).queues.map((queue) => queue.activities)) as Record<
    string,
    () => Promise<unknown>
  >
  for (const name of names) await inActivity(present(activities[name]))
}

import { runWorkers, type RunningWorkers } from '../../worker/runWorkers.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import type { ScanPace } from '../../workflows/contract.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { readWorkflowBundle } from './readWorkflowBundle.ts'

type Activity = (...input: never[]) => Promise<unknown>

/** Starts the workers of a world with faults in them: other outside systems, activities that something happens before, or another pace. */
export const startFaultyWorkers = async (
  world: AttachmentWorld,
  faults: { adapters?: Partial<Adapters>; pace?: ScanPace; before?: Record<string, (ref: { attachmentId: string }) => Promise<void>> },
): Promise<RunningWorkers> => {
  const plan = toWorkersPlan({ ...world.config, pace: faults.pace ?? world.config.pace }, { ...world.adapters, ...faults.adapters })
  const queues = plan.queues.map((queue) => {
    const activities = queue.activities as Record<string, Activity>
    const faulty = Object.entries(faults.before ?? {}).flatMap(([name, before]): [string, Activity][] => {
      const activity = activities[name]
      if (activity === undefined) return []
      const wrapped = async (...input: never[]): Promise<unknown> => {
        await before(input[0] as never)
        return activity(...input)
      }
      return [[name, wrapped]]
    })
    return { ...queue, activities: { ...activities, ...Object.fromEntries(faulty) } }
  })
  const workflowBundle = await readWorkflowBundle()
  return runWorkers({ ...plan, queues, workflowBundle, stickyTimeoutMs: 200, shutdownGraceMs: 2_000, shutdownForceMs: 4_000 })
}

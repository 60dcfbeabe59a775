import { runWorkers, type RunningWorkers } from '../../worker/runWorkers.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'

type Activity = (...input: never[]) => Promise<unknown>

/** Starts the workers of a world with faults in them: other outside systems, or activities that something happens before. */
export const startFaultyWorkers = (
  world: AttachmentWorld,
  faults: { adapters?: Partial<Adapters>; before?: Record<string, (ref: { attachmentId: string }) => Promise<void>> },
): Promise<RunningWorkers> => {
  const plan = toWorkersPlan(world.config, { ...world.adapters, ...faults.adapters })
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
  return runWorkers({ ...plan, queues, stickyTimeoutMs: 200, shutdownGraceMs: 2_000, shutdownForceMs: 4_000 })
}

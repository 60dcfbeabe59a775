import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow'
import { toStreamsQueue } from '../../workflows/contract.ts'
import type { FloorActivities } from './floorActivities.ts'

/** As many activities as a run of the product has, one after the other and on the same kinds of queues, and all of them do nothing. */
export async function floorWorkflow(kinds: readonly ('step' | 'stream')[]): Promise<void> {
  const { readPace } = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '10 seconds' })
  const { step } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30 seconds' })
  const { stream } = proxyActivities<FloorActivities>({
    taskQueue: toStreamsQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '90 seconds',
  })
  await readPace()
  for (const kind of kinds) await (kind === 'step' ? step() : stream())
}

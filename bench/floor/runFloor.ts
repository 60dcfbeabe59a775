import type { Client } from '@temporalio/client'

export const floorQueue = 'bench-floor'

export type FloorKinds = readonly ('step' | 'stream')[]

/** Which activities a run had, in order: so many has its floor too. */
export const readFloorKinds = async (temporal: Client, workflowId: string): Promise<FloorKinds> => {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory()
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
    if (!scheduled) return []
    return [scheduled.taskQueue?.name?.endsWith('-streams') ? ('stream' as const) : ('step' as const)]
  })
}

/** Runs the floor once. Answers its milliseconds, from the start that is asked for to the result that is here. */
export const runFloor = async (temporal: Client, kinds: FloorKinds, name: string): Promise<number> => {
  const began = performance.now()
  await temporal.workflow.execute('floorWorkflow', { taskQueue: floorQueue, workflowId: `floor:${name}`, args: [kinds] })
  return performance.now() - began
}

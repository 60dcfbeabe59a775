import { randomBytes } from 'node:crypto'
import type { RosterStage } from './rosterStage.ts'

const sweepOnce = ({ world }: RosterStage, workflow: string): Promise<unknown> =>
  world.adapters.client.workflow.execute(workflow, {
    workflowId: `${workflow}-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
  })

/** A sweep that fails is followed by the next one of its schedule. */
export const sweep = (stage: RosterStage, workflow: string): Promise<unknown> =>
  sweepOnce(stage, workflow).catch(() => sweepOnce(stage, workflow))

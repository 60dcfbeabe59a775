import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { scheduleIds, type SyntheticPlan } from '../workflows/contract.ts'

export type SchedulePlan = {
  taskQueue: string
  sweepIntervalSeconds: number
  storedSweepIntervalSeconds: number
  purgeIntervalSeconds: number
  archiveIntervalSeconds: number
  /** Null: no test virus is sent. */
  synthetic: (SyntheticPlan & { intervalSeconds: number }) | null
}

/**
 * Creates the schedules, or brings those that exist to this plan. Safe to call from every worker at every start. A schedule that was
 * down catches up at most once: each run looks at the whole world.
 */
export const registerSchedules = async (client: Client, plan: SchedulePlan): Promise<void> => {
  for (const options of toSchedules(plan)) {
    try {
      await client.schedule.create(options)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      const { spec, action, policies } = options
      await client.schedule.getHandle(options.scheduleId).update(({ state }) => ({ spec, action, policies, state }))
    }
  }
}

const toSchedules = (plan: SchedulePlan) => [
  toSchedule(plan, scheduleIds.sweepAttachments, 'sweepAttachments', plan.sweepIntervalSeconds),
  toSchedule(plan, scheduleIds.sweepStoredObjects, 'sweepStoredObjects', plan.storedSweepIntervalSeconds),
  toSchedule(plan, scheduleIds.purgeQuarantine, 'purgeQuarantine', plan.purgeIntervalSeconds),
  toSchedule(plan, scheduleIds.archiveHistories, 'archiveHistories', plan.archiveIntervalSeconds),
  ...(plan.synthetic === null ? [] : [toSyntheticSchedule(plan, plan.synthetic)]),
]

const toSyntheticSchedule = (
  plan: SchedulePlan,
  { intervalSeconds, limitSeconds, lookEverySeconds }: NonNullable<SchedulePlan['synthetic']>,
) => toSchedule(plan, scheduleIds.sendSyntheticEicar, 'sendSyntheticEicar', intervalSeconds, [{ limitSeconds, lookEverySeconds }])

const toSchedule = ({ taskQueue }: SchedulePlan, id: string, workflowType: string, everySeconds: number, args: unknown[] = []) =>
  ({
    scheduleId: id,
    spec: { intervals: [{ every: everySeconds * 1_000 }] },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: id,
      taskQueue,
      args,
      staticSummary: id.replaceAll('-', ' '),
      // Skipped while the last one runs: one that hangs must end.
      workflowExecutionTimeout: '4 hours',
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
  }) satisfies ScheduleOptions

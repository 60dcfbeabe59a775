import { afterAll, beforeAll, expect, test } from 'vitest'
import { scheduleIds } from '../../workflows/contract.ts'
import { registerSchedules, type SchedulePlan } from '../../worker/registerSchedules.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'

let before: AttachmentWorld
let now: AttachmentWorld
beforeAll(async () => {
  // Each has payload keys of its own, and all have the same schedules.
  before = await createAttachmentWorld({}, { hasOwnNamespace: true })
  now = await createAttachmentWorld({ temporal: before.config.temporal })
})
afterAll(async () => {
  await before?.close()
  await now?.close()
})

const toPlan = ({ config }: AttachmentWorld, sweepIntervalSeconds: number): SchedulePlan => ({
  taskQueue: config.taskQueues.maintenance,
  sweepIntervalSeconds,
  storedSweepIntervalSeconds: 3_600,
  purgeIntervalSeconds: 3_600,
  archiveIntervalSeconds: 3_600,
  rescanIntervalSeconds: 3_600,
  pullLookIntervalSeconds: 300,
  schoolYearIntervalSeconds: 3_600,
  isMailFeedbackTaken: true,
  synthetic: null,
})

test('a worker brings the schedules to its plan although nobody can decrypt any more what they were made with', async () => {
  await registerSchedules(before.adapters.client, toPlan(before, 1_800))
  await registerSchedules(now.adapters.client, toPlan(now, 2_400))
  const { spec, action, state } = await now.adapters.client.schedule.getHandle(scheduleIds.sweepAttachments).describe()
  expect(spec.intervals).toMatchObject([{ every: 2_400_000 }])
  expect(action).toMatchObject({
    taskQueue: now.config.taskQueues.maintenance,
    staticSummary: expect.stringContaining('sweep attachments'),
  })
  expect(state.note).toContain('repairs')
})

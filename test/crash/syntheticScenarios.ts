import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { removeAttachmentId } from '../../workflows/contract.ts'
import type { Scenario, Stage } from './scenario.ts'

const completed = { 'attachment.complete': 1 }
const lookEverySeconds = 0.2
/** The API keeps what it answered: a worker that dies sends again, and it is the same attachment. */
const idempotencyKeys = 1

const startSending = ({ world }: Stage, limitSeconds: number) =>
  world.adapters.client.workflow.start('sendSyntheticEicar', {
    workflowId: `synthetic-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
    args: [{ limitSeconds, lookEverySeconds }],
  })

/** The one test virus that was sent, however many workers sent it. */
const findSent = async ({ world }: Stage): Promise<string[]> => {
  const { rows } = await world.database.superuser.query<{ id: string }>(
    `select id from attachments where district_id = $1 and state <> 'awaiting-upload'`,
    [operationsDistrictId],
  )
  return rows.map(({ id }) => id)
}

const untilSent = (stage: Stage): Promise<string> =>
  vi.waitFor(
    async () => {
      const sent = await findSent(stage)
      expect(sent).toHaveLength(1)
      return String(sent[0])
    },
    { timeout: 120_000, interval: 100 },
  )

export const syntheticScenarios: readonly Scenario[] = [
  {
    name: 'a test virus that is quarantined',
    isAlone: true,
    ending: { state: 'quarantined', kept: 'quarantine', audit: completed, idempotencyKeys },
    walk: async (stage) => {
      await stage.arm(null)
      const sending = await startSending(stage, 600)
      const id = await untilSent(stage)
      await stage.relay()
      expect(await sending.result()).toEqual({ end: 'quarantined' })
      return id
    },
  },
  {
    name: 'a test virus that nothing scans in time',
    isAlone: true,
    ending: {
      state: 'deleted',
      isAlerted: 'synthetic-eicar-overdue',
      audit: { ...completed, 'attachment.delete': 1 },
      idempotencyKeys,
    },
    walk: async (stage) => {
      await stage.arm(null)
      const sending = await startSending(stage, 0)
      expect(await sending.result()).toEqual({ end: 'not-quarantined' })
      const [id] = (await findSent(stage)) as [string]
      await stage.relay()
      await stage.world.scanOutcome(id)
      await stage.world.adapters.client.workflow.getHandle(removeAttachmentId(id, 1)).result()
      return id
    },
  },
]

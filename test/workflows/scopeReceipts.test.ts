import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { toReceiptStart, writeScopeReceiptId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld()
})
afterAll(() => world?.close())

const sweep = () =>
  world.adapters.client.workflow.execute('sweepRosters', {
    workflowId: `sweep-rosters-${newId()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })

/** As it is posted; its run is started, and no worker has seen it yet. */
const announce = async (age: string) => {
  const { districtId, teacherId } = world.channel
  const announcementId = newId()
  await world.database.superuser.query('update districts set roster_version = 1 where id = $1', [districtId])
  await world.database.superuser.query(
    `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
     select $1, $2, section_id, 1 + (select count(*) from announcements), $3, 'both', '\\x00', 1, current_date, true, now() - $4::interval
     from enrollments where district_id = $1 and user_id = $3`,
    [districtId, announcementId, teacherId, age],
  )
  const start = toReceiptStart(world.config.taskQueues.roster)({ districtId, announcementId })
  await startWorkflow(world.adapters.client, { ...start, districtId }, 5_000)
  return announcementId
}
const receiptOf = async (announcementId: string) =>
  (
    await world.database.superuser.query<{ count: number | null; attempt: number }>(
      'select scope_count as count, scope_attempt as attempt from announcements where id = $1',
      [announcementId],
    )
  ).rows[0]
const runOf = (announcementId: string, attempt = 1) =>
  world.adapters.client.workflow.getHandle(writeScopeReceiptId({ districtId: world.channel.districtId, announcementId, attempt }))

test('a run that was ended by hand is missed and asked for again, once, and the receipt is written; one of a moment ago is left alone', async () => {
  const [ended, fresh] = [await announce('1 hour'), await announce('0 hours')]
  for (const id of [ended, fresh]) await runOf(id).terminate()
  await world.startWorkers()
  expect(await sweep()).toMatchObject({ replayedSyncs: 1 })
  // It waits to be started: that is no loss.
  expect(await sweep()).toMatchObject({ replayedSyncs: 0 })
  await relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
  expect(await runOf(ended, 2).result()).toEqual({ recipients: 1 })
  expect(await sweep()).toMatchObject({ replayedSyncs: 0 })
  expect([await receiptOf(ended), await receiptOf(fresh)]).toEqual([
    { count: 1, attempt: 2 },
    { count: null, attempt: 1 },
  ])
})

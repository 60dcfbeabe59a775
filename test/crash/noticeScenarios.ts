import { v7 as newId } from 'uuid'
import { withDistrict } from '../../db/openDatabase.ts'
import { enqueueNotifying } from '../../db/queries/addNotices.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { noticeAnnouncementId, notifyPersonId, toNoticesQueue, toNotifyingStart } from '../../workflows/contract.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { insertAnnouncement } from './receiptScenarios.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

const beLoud = ({ world, districtId }: RosterStage): Promise<unknown> =>
  world.database.superuser.query('update districts set quiet_from = 0, quiet_until = 0 where id = $1', [districtId])

/** `u2` writes to `u1`, or to `g1` about `u1`, who has not read it when the notification goes out. No hour is quiet. Answers the id of the run that tells them. */
const write = async (stage: RosterStage, to: 'u1' | 'g1'): Promise<string> => {
  const { world, districtId } = stage
  const { app, districtKeys } = world.adapters
  const [teacherId, participantId, id] = [await stage.find('u2'), await stage.find(to), newId()]
  await beLoud(stage)
  const { rows } = await world.database.superuser.query<{ id: string }>(
    'select id from channels where district_id = $1 and participant_id = $2',
    [districtId, participantId],
  )
  const body = (await districtKeys.forDistrict(districtId)).sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('hello'))
  const message = { id, channelId: present(rows[0]).id, authorId: teacherId, body, attachmentIds: [] }
  return withDistrict(app, districtId, async (tx) => {
    const posted = await postMessage(tx, message)
    if (posted.outcome !== 'posted') throw new Error(`a message was not posted: ${posted.outcome}`)
    await enqueueNotifying(tx, posted.opened, toNotifyingStart(world.config.taskQueues.maintenance))
    return notifyPersonId(present(posted.opened[0]))
  })
}

/** `g1` may be written to about `u1`, and the roster has a number of theirs. */
const addNumber = async (stage: RosterStage): Promise<void> => {
  const { world, districtId } = stage
  const [teacherId, studentId, guardianId] = [await stage.find('u2'), await stage.find('u1'), await stage.find('g1')]
  const cipher = await world.adapters.districtKeys.forDistrict(districtId)
  const phone = cipher.sealText({ table: 'users', rowId: guardianId, column: 'phone' }, '+12025550142')
  const { superuser } = world.database
  await superuser.query('update users set phone = $2, phone_hash = $3 where id = $1', [
    guardianId,
    phone,
    cipher.hashForLookup('+12025550142'),
  ])
  await superuser.query(`update guardianships set custody = 'permitted' where district_id = $1 and guardian_id = $2`, [
    districtId,
    guardianId,
  ])
  await withDistrict(world.adapters.app, districtId, (tx) => openChannel(tx, { teacherId, participantId: guardianId, studentId }))
}

const runOf = ({ world }: RosterStage, workflowId: string) => world.adapters.client.workflow.getHandle(workflowId)

/** Tells everybody whom an announcement of `u2` is for, to the end. No hour is quiet. */
export const noticeEverybody = async (stage: RosterStage, announcementId: string): Promise<void> => {
  await beLoud(stage)
  const ref = { districtId: stage.districtId, announcementId }
  // Its receipt is another scenario's, and no sweep is to ask for it here.
  await stage.world.database.superuser.query(
    `update announcements set scope_count = 3, scope_root = '\\x00', scope_computed_at = now() where id = $1`,
    [announcementId],
  )
  await stage.world.adapters.client.workflow.execute('noticeAnnouncement', {
    workflowId: noticeAnnouncementId(ref),
    taskQueue: toNoticesQueue(stage.world.config.taskQueues.maintenance),
    args: [ref],
  })
  await stage.relay()
  for (const person of ['u1', 'u3', 'u5']) await runOf(stage, notifyPersonId({ userId: await stage.find(person), batch: 1 })).result()
}

export const noticeScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a message that its reader is notified of',
    ending: { syncs: ['applied'], mails: ['<notice.<users u1>.1.1'], alerts: [] },
    access: stays,
    happen: async (stage) => {
      const workflowId = await write(stage, 'u1')
      await stage.relay()
      await runOf(stage, workflowId).result()
    },
  }),
  rosterScenario({
    name: 'a message that a guardian is notified of by phone',
    ending: { syncs: ['applied'], mails: [], texts: ['notice.<users g1>.1.1'], alerts: [] },
    // The district has no source of custody: it is permitted here by hand.
    access: { ...stays, 'u2>g1 about u1': 'refused, allowed' },
    happen: async (stage) => {
      await addNumber(stage)
      const workflowId = await write(stage, 'g1')
      await stage.relay()
      await runOf(stage, workflowId).result()
    },
  }),
  {
    // A sweep looks at everything that there is.
    isAlone: true,
    ...rosterScenario({
      name: 'a message whose reader was to be notified by a run that was lost',
      ending: { syncs: ['applied'], mails: ['<notice.<users u1>.1.1'], alerts: [] },
      access: stays,
      happen: async (stage) => {
        const workflowId = await write(stage, 'u1')
        const { superuser } = stage.world.database
        await superuser.query('update outbox set started_at = now() where workflow_id = $1', [workflowId])
        await sweep(stage, 'sweepNotices')
        await stage.relay()
        await runOf(stage, `${workflowId}:2`).result()
      },
    }),
  },
  rosterScenario({
    name: 'an announcement that everybody whom it is for is notified of',
    ending: { syncs: ['applied'], mails: ['<notice.<users u1>.1.1'], alerts: [] },
    access: stays,
    happen: async (stage) => noticeEverybody(stage, await insertAnnouncement(stage)),
  }),
]

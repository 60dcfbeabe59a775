import { v7 as newId } from 'uuid'
import { withDistrict } from '../../db/openDatabase.ts'
import { enqueueNotifying } from '../../db/queries/addNotices.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { notifyPersonId, toNotifyingStart } from '../../workflows/contract.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

/** `u2` writes to `u1`, who has not read it when the notification goes out. No hour is quiet. */
const write = async (stage: RosterStage): Promise<string> => {
  const { world, districtId } = stage
  const { app, districtKeys } = world.adapters
  const [teacherId, id] = [await stage.find('u2'), newId()]
  await world.database.superuser.query('update districts set quiet_from = 0, quiet_until = 0 where id = $1', [districtId])
  const { rows } = await world.database.superuser.query<{ id: string }>('select id from channels where district_id = $1', [districtId])
  const body = (await districtKeys.forDistrict(districtId)).sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('hello'))
  const message = { id, channelId: present(rows[0]).id, authorId: teacherId, body, attachmentIds: [] }
  return withDistrict(app, districtId, async (tx) => {
    const posted = await postMessage(tx, message)
    if (posted.outcome !== 'posted') throw new Error(`a message was not posted: ${posted.outcome}`)
    await enqueueNotifying(tx, posted.opened, toNotifyingStart(world.config.taskQueues.maintenance))
    return notifyPersonId(present(posted.opened[0]))
  })
}

export const noticeScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a message that its reader is notified of',
    ending: { syncs: ['applied'], mails: ['<notice.<users u1>.1.1'], alerts: [] },
    access: stays,
    happen: async (stage) => {
      const workflowId = await write(stage)
      await stage.relay()
      await stage.world.adapters.client.workflow.getHandle(workflowId).result()
    },
  }),
]

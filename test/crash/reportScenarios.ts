import { v7 as newId } from 'uuid'
import { withDistrict } from '../../db/openDatabase.ts'
import { addReport } from '../../db/queries/addReport.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { followReportId, toReportStart } from '../../workflows/contract.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

/** `u2` writes to `u1`, who reports it; nobody decides. */
const report = async (stage: RosterStage): Promise<string> => {
  const { world, districtId } = stage
  const { app, districtKeys } = world.adapters
  const [teacherId, studentId, id] = [await stage.find('u2'), await stage.find('u1'), newId()]
  const { rows } = await world.database.superuser.query<{ id: string }>('select id from channels where district_id = $1', [districtId])
  const body = (await districtKeys.forDistrict(districtId)).sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('bad'))
  const message = { id, channelId: present(rows[0]).id, authorId: teacherId, body, attachmentIds: [] }
  const added = await withDistrict(app, districtId, async (tx) => {
    await postMessage(tx, message)
    const startFor = toReportStart(world.config.taskQueues.safety)
    return addReport(tx, { subject: { messageId: id }, reporterId: studentId, category: 'other', startFor })
  })
  return present(added).reportId
}

const told = (news: string): string => `<report.<reports 1>.1.${news}.<users local:admin>`

export const reportScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a report that nobody decides',
    ending: { syncs: ['applied'], mails: [told('flagged'), told('undecided')], alerts: [] },
    access: stays,
    happen: async (stage) => {
      const reportId = await report(stage)
      await stage.relay()
      await stage.world.adapters.client.workflow.getHandle(followReportId(reportId, 1)).result()
    },
  }),
]

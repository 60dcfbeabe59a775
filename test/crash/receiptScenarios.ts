import { v7 as newId } from 'uuid'
import { writeScopeReceiptId } from '../../workflows/contract.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

/** Said by `u2` to their section, and nothing else that would follow from it. */
export const insertAnnouncement = async (stage: RosterStage): Promise<string> => {
  const { world, districtId } = stage
  const announcementId = newId()
  await world.database.superuser.query(
    `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
     select $1, $2, e.section_id, 1, $3, 'both', '\\x00', d.roster_version, current_date, true, now()
     from enrollments e join districts d on d.id = e.district_id where e.district_id = $1 and e.user_id = $3 and e.role = 'teacher' order by e.id limit 1`,
    [districtId, announcementId, await stage.find('u2')],
  )
  return announcementId
}

export const receiptScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'an announcement whose recipients are written down',
    ending: { syncs: ['applied'], mails: [], alerts: [] },
    access: stays,
    happen: async (stage) => {
      const { districtId, world } = stage
      const announcementId = await insertAnnouncement(stage)
      await world.adapters.client.workflow.execute('writeScopeReceipt', {
        workflowId: writeScopeReceiptId({ districtId, announcementId }),
        taskQueue: world.config.taskQueues.roster,
        args: [{ districtId, announcementId }],
      })
    },
  }),
]

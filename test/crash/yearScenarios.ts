import { v7 as newId } from 'uuid'
import { closeSchoolYearId } from '../../workflows/contract.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

const schoolYear = 2020

/** A year that ended long ago, in which the teacher and `u1` were in conversation. */
export const leaveYear = async ({ find, districtId, world }: Pick<RosterStage, 'find' | 'districtId' | 'world'>): Promise<void> => {
  const { superuser } = world.database
  await superuser.query(
    `insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
     values ($1, $2, 'past', 'Past', current_date - 900, current_date - 600, $3)`,
    [districtId, newId(), schoolYear],
  )
  await superuser.query(
    `insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year) values ($1, $2, $3, $4, $4, $5)`,
    [districtId, newId(), await find('u2'), await find('u1'), schoolYear],
  )
}

export const yearNotices = [`<school-year.${schoolYear}.<users u1>`]

export const yearScenarios: readonly Scenario<RosterEnding>[] = [
  rosterScenario({
    name: 'a school year that is over',
    ending: { syncs: ['applied'], mails: yearNotices, alerts: [] },
    access: stays,
    happen: async (stage) => {
      const { districtId, world } = stage
      await leaveYear(stage)
      await world.database.superuser.query('insert into school_year_ends (district_id, school_year) values ($1, $2)', [
        districtId,
        schoolYear,
      ])
      const ref = { districtId, schoolYear, attempt: 1 }
      await world.adapters.client.workflow.execute('closeSchoolYear', {
        workflowId: closeSchoolYearId(ref),
        taskQueue: world.config.taskQueues.roster,
        args: [ref],
      })
    },
  }),
]

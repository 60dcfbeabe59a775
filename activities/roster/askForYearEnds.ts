import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { askForYearEnd, findEndedYears, type EndedYear } from '../../db/queries/findEndedYears.ts'
import { isStartPending } from '../../db/queries/isStartPending.ts'
import { listDistricts } from '../../db/queries/listDistricts.ts'
import { listClosedYears, reopenYearChannels } from '../../db/queries/reopenSchoolYear.ts'
import { closeSchoolYearId, toYearEndStart } from '../../workflows/contract.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { sweepPages } from '../sweepPages.ts'

type YearDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'rosterQueue' | 'schoolYearGraceDays'>

/**
 * Asks for a run for each school year of each district that is over, through the outbox; for another one when that run is gone, or the year came back and has
 * ended again. Before that, channels of a year that was closed by wrong dates and goes on are opened again. Answers in how many districts it asked.
 */
export const createAskForYearEnds = (deps: YearDeps) => async (): Promise<number> => {
  const asked = await sweepPages(
    async ({ after, limit }) => {
      const districts = await acrossDistricts(deps.sweeper, listDistricts)
      return districts.filter((id) => after === null || id > after).slice(0, limit)
    },
    (districtId) => districtId,
    async (districtId) => ((await askInDistrict(deps, districtId)) ? 'asked' : 'unchanged'),
  )
  return asked.get('asked') ?? 0
}

const channelsAtOnce = 500

const reopenMended = async ({ app }: Pick<YearDeps, 'app'>, districtId: string): Promise<void> => {
  for (const schoolYear of await withDistrict(app, districtId, listClosedYears))
    for (;;) {
      const { count } = await withDistrict(app, districtId, (tx) => reopenYearChannels(tx, { schoolYear, limit: channelsAtOnce }))
      if (count < channelsAtOnce) break
    }
}

const askInDistrict = async (deps: YearDeps, districtId: string): Promise<boolean> => {
  await reopenMended(deps, districtId)
  const years = await withDistrict(deps.app, districtId, (tx) => findEndedYears(tx, deps.schoolYearGraceDays))
  let isAsked = false
  for (const { schoolYear, attempt, isSettled } of years) {
    if (await isUnderWay(deps, districtId, { schoolYear, attempt, isSettled })) continue
    const startFor = toYearEndStart(deps.rosterQueue)
    const start = await withDistrict(deps.app, districtId, (tx) => askForYearEnd(tx, { schoolYear, attempt, startFor }))
    isAsked ||= start !== null
  }
  return isAsked
}

const isUnderWay = async (
  { app, findRun }: YearDeps,
  districtId: string,
  { schoolYear, attempt, isSettled }: EndedYear,
): Promise<boolean> => {
  if (attempt === 0 || isSettled) return false
  const workflowId = closeSchoolYearId({ districtId, schoolYear, attempt })
  const run = await findRun(workflowId)
  if (run === 'open' || run === 'unknown') return true
  return run === 'none' && (await withDistrict(app, districtId, (tx) => isStartPending(tx, workflowId)))
}

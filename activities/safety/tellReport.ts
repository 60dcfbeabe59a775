import { ApplicationFailure } from '@temporalio/activity'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { findReportToTell } from '../../db/queries/findReportToTell.ts'
import { listHolders, type Holder } from '../../db/queries/listHolders.ts'
import { toReportNotice, type ReportNews } from '../../domain/reportNotice.ts'
import type { ReportRef } from '../../workflows/contract.ts'
import { mailEach } from '../mailEach.ts'
import type { SafetyDeps } from './safetyDeps.ts'

type Told = { people: Holder[]; isNobodyNamed: boolean }

/**
 * Tells those whom the district names that something was reported, by mail without content; where nobody is named, its administrators, and after a day of
 * silence both. Never whoever wrote what was reported. Nothing when somebody has decided. Told twice only if a mail could not be sent, or this worker dies,
 * before all were.
 * @throws ApplicationFailure, retryable, when nobody could be told: somebody must be.
 */
export const createTellReport =
  (deps: Pick<SafetyDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  async ({ districtId, reportId, attempt }: ReportRef, news: ReportNews): Promise<{ told: number }> => {
    const found = await withDistrict(deps.app, districtId, async (tx) => {
      const report = await findReportToTell(tx, { reportId, attempt })
      return report && findPeopleToTell(tx, report.authorId, news)
    })
    if (found === null) return { told: 0 }
    const notice = toReportNotice(news, { reportId, isNobodyNamed: found.isNobodyNamed })
    const told = await mailEach(deps, districtId, found.people, { id: `report.${reportId}.${attempt}.${news}`, ...notice })
    if (told === 0) throw ApplicationFailure.retryable('nobody of the district could be told', 'NobodyTold')
    return { told }
  }

const findPeopleToTell = async (tx: DistrictTransaction, authorId: string, news: ReportNews): Promise<Told> => {
  const others = async (permission: 'safety' | 'administer') =>
    (await listHolders(tx, permission)).filter(({ userId }) => userId !== authorId)
  const named = await others('safety')
  const isNobodyNamed = named.length === 0
  const administrators = isNobodyNamed || news === 'undecided' ? await others('administer') : []
  const people = new Map([...named, ...administrators].map((person) => [person.userId, person]))
  return { people: [...people.values()], isNobodyNamed }
}

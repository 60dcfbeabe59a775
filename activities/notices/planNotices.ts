import { withDistrict } from '../../db/openDatabase.ts'
import { closeNoticeBatch, findNoticePlan, markBatchDue, type NoticePace, type NoticePlan } from '../../db/queries/planNotices.ts'
import type { BatchRef, NextNotice } from '../../workflows/contract.ts'
import type { NoticeDeps } from './noticeDeps.ts'

/** Longer than all tries of one notification, and the wait after them. */
const tellingMs = 600_000

/** What is to be done next for a batch: tell, wait, or nothing any more. A batch with no news in it is closed; a notice that comes later opens the next one. */
export const createPlanNotices =
  ({ app, pace }: Pick<NoticeDeps, 'app' | 'pace'>) =>
  ({ districtId, userId, batch }: BatchRef): Promise<NextNotice> =>
    withDistrict(app, districtId, async (tx): Promise<NextNotice> => {
      const plan = await findNoticePlan(tx, { userId, batch }, pace)
      if (plan === null) return { step: 'end', told: 0 }
      const { noticed, told, pending } = plan
      if (pending === 0 && (await closeNoticeBatch(tx, { userId, batch, noticed }))) return { step: 'end', told }
      const next = toNext(plan, pace)
      await markBatchDue(tx, { userId, batch, inMs: next.step === 'wait' ? next.ms : tellingMs })
      return next
    })

/** With nothing pending, a notice came between the look and now. */
const toNext = ({ pending, told, waitMs }: NoticePlan, { awayWaitMs }: NoticePace): Exclude<NextNotice, { step: 'end' }> => {
  if (pending === 0) return { step: 'wait', ms: 1_000 }
  return waitMs > 0 ? { step: 'wait', ms: waitMs } : { step: 'tell', notification: told + 1, awayWaitMs }
}

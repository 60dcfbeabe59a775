import type { DistrictTransaction } from '../db/openDatabase.ts'
import { addConcern, type ConcernSubject } from '../db/queries/addReport.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import type { Reading } from '../domain/language/readLanguage.ts'
import { toReportStart, type TaskQueues } from '../workflows/contract.ts'

/** Asks for somebody to look at what was posted in this transaction, when its words raise a concern. Its author never learns of it. */
export const raiseConcern = async (
  tx: DistrictTransaction,
  subject: ConcernSubject,
  { reading, queues }: { reading: Reading; queues: Pick<TaskQueues, 'safety'> },
): Promise<OutboxStart | null> => {
  if (reading.concern === null) return null
  return (await addConcern(tx, { ...subject, kind: reading.concern, startFor: toReportStart(queues.safety) })).start
}

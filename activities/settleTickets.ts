import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { completeVanishedUpload } from '../db/queries/completeAttachment.ts'
import { expireAttachment } from '../db/queries/expireAttachment.ts'
import { listDueTickets, type DueTicket } from '../db/queries/listDueTickets.ts'
import { toStartFor } from '../workflows/contract.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { sweepPages } from './sweepPages.ts'

type TicketDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'incoming' | 'attachmentsQueue' | 'longestUploadSeconds'>

/** Ends tickets that were never used, and starts the scan of those whose object lies there although nobody said so. */
export const createSettleTickets = (deps: TicketDeps) => async (): Promise<{ expired: number; started: number }> => {
  const { longestUploadSeconds } = deps
  const settled = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listDueTickets(tx, { longestUploadSeconds, ...page })),
    ({ attachmentId }) => attachmentId,
    (ticket) => settle(deps, ticket),
  )
  return { expired: settled.get('expired') ?? 0, started: settled.get('started') ?? 0 }
}

const settle = async (
  deps: TicketDeps,
  { districtId, attachmentId, incomingKey }: DueTicket,
): Promise<'expired' | 'started' | 'unchanged'> => {
  const versions = await deps.incoming.listVersions(incomingKey)
  return withDistrict(deps.app, districtId, async (tx) => {
    if (versions.length > 0) {
      const startFor = toStartFor('scanAttachment', deps.attachmentsQueue)
      return (await completeVanishedUpload(tx, { attachmentId, startFor })) === null ? 'unchanged' : 'started'
    }
    return (await expireAttachment(tx, { attachmentId, longestUploadSeconds: deps.longestUploadSeconds })) ? 'expired' : 'unchanged'
  })
}

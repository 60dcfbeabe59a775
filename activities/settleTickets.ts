import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { completeVanishedUpload } from '../db/queries/completeAttachment.ts'
import { expireAttachment } from '../db/queries/expireAttachment.ts'
import { listDueTickets, type DueTicket } from '../db/queries/listDueTickets.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { toScanStart } from './toScanStart.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type TicketDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'incoming' | 'attachmentsQueue' | 'longestUploadSeconds'>

const pageSize = 200

/** Ends tickets that were never used, and starts the scan of those whose object lies there although nobody said so. */
export const createSettleTickets = (deps: TicketDeps) => (): Promise<{ expired: number; started: number }> =>
  whileHeartbeating(async (signal) => {
    const settled = { expired: 0, started: 0 }
    for (;;) {
      const { longestUploadSeconds } = deps
      const page = await acrossDistricts(deps.sweeper, (tx) => listDueTickets(tx, { longestUploadSeconds, limit: pageSize }))
      const outcomes = []
      for (const ticket of page) {
        signal.throwIfAborted()
        outcomes.push(await settle(deps, ticket))
      }
      settled.expired += outcomes.filter((outcome) => outcome === 'expired').length
      settled.started += outcomes.filter((outcome) => outcome === 'started').length
      // A page in which nothing changed would come again.
      if (page.length < pageSize || outcomes.every((outcome) => outcome === 'unchanged')) return settled
    }
  })

const settle = async (
  deps: TicketDeps,
  { districtId, attachmentId, incomingKey }: DueTicket,
): Promise<'expired' | 'started' | 'unchanged'> => {
  const versions = await deps.incoming.listVersions(incomingKey)
  return withDistrict(deps.app, districtId, async (tx) => {
    if (versions.length > 0) {
      const startFor = toScanStart(deps.attachmentsQueue)
      return (await completeVanishedUpload(tx, { attachmentId, startFor })) === null ? 'unchanged' : 'started'
    }
    return (await expireAttachment(tx, { attachmentId, longestUploadSeconds: deps.longestUploadSeconds })) ? 'expired' : 'unchanged'
  })
}

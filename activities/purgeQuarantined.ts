import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { listQuarantineDue } from '../db/queries/listQuarantineDue.ts'
import { recordPurge } from '../db/queries/recordPurge.ts'
import { discardEncrypted } from './storeEncrypted.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

const pageSize = 200

/** Removes quarantined objects past their retention, key first, then object, then the row says so, with a line in the audit log. Answers how many. */
export const createPurgeQuarantined =
  ({ app, sweeper, quarantine }: Pick<SweepDeps, 'app' | 'sweeper' | 'quarantine'>) =>
  (): Promise<number> =>
    whileHeartbeating(async (signal) => {
      let purged = 0
      for (;;) {
        const page = await acrossDistricts(sweeper, (tx) => listQuarantineDue(tx, pageSize))
        for (const { districtId, attachmentId, quarantineKey } of page) {
          signal.throwIfAborted()
          await discardEncrypted({ app }, { districtId, bucket: quarantine, objectKey: quarantineKey })
          if (await withDistrict(app, districtId, (tx) => recordPurge(tx, { attachmentId, quarantineKey }))) purged += 1
        }
        if (page.length < pageSize) return purged
      }
    })

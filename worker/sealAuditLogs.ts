import { acrossDistricts, type Database } from '../db/openDatabase.ts'
import { listUnsealedDistricts } from '../db/queries/listUnsealedDistricts.ts'
import { sealAudit } from '../db/sealAudit.ts'
import type { KeyService } from '../domain/ports.ts'

/** Each waits for the key service most of the time. */
const districtsAtOnce = 4

export type SealerDeps = { app: Database; sweeper: Database; keys: KeyService }

/**
 * One pass over all districts with unsealed audit entries (law 11). A district that fails does not keep the others from being sealed;
 * what failed is thrown at the end. Answers how many batches were made.
 */
export const sealAuditLogs = async ({ app, sweeper, keys }: SealerDeps): Promise<number> => {
  const waiting = (await acrossDistricts(sweeper, listUnsealedDistricts)).values()
  const faults: unknown[] = []
  let batches = 0
  const sealWaiting = async (): Promise<void> => {
    for (const districtId of waiting) {
      try {
        while ((await sealAudit({ database: app, keyService: keys }, districtId)) !== null) batches += 1
      } catch (error) {
        faults.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: districtsAtOnce }, sealWaiting))
  if (faults.length > 0) throw new AggregateError(faults, 'audit entries of some districts are not sealed')
  return batches
}

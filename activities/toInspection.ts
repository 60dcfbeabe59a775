import { ApplicationFailure } from '@temporalio/activity'
import type { ScanWork } from '../db/queries/findScanWork.ts'
import type { Inspection } from './inspection.ts'

/** The inspection that an earlier run wrote into the row. */
export const toInspection = (work: ScanWork): Inspection => {
  if (work.verdict === null || work.sha256 === null) throw ApplicationFailure.nonRetryable('a placed verdict lacks its hash', 'RowInvalid')
  return {
    verdict: work.verdict,
    signature: work.signature,
    refusalReason: work.refusalReason,
    engine: work.engine,
    databaseVersion: work.databaseVersion,
    sha256: work.sha256.toString('hex'),
    bytes: work.bytes,
    sniffedType: work.sniffedType,
  }
}

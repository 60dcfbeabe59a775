import type { Database } from '../db/openDatabase.ts'
import type { DistrictKeys } from '../db/districtKeys.ts'
import type { KeyService, Mailer, ObjectBucket, Pager, VirusScanner } from '../domain/ports.ts'
import type { ScanPace } from '../workflows/contract.ts'
import type { ScanTurns } from './scanTurns.ts'

/** What the activities act on. The buckets are seen with the scanner's credential, which reads nothing but incoming. */
export type AttachmentDeps = {
  /** As role `app`: one district at a time. */
  app: Database
  /** As role `sweeper`: which bytes were found bad before, and where else they lie, across districts. */
  sweeper: Database
  districtKeys: DistrictKeys
  keys: KeyService
  incoming: ObjectBucket
  clean: ObjectBucket
  quarantine: ObjectBucket
  /** The clean bucket seen with the one credential of a worker that may read it: to look at files again, and to keep those that are withdrawn. */
  released: ObjectBucket
  scanner: VirusScanner
  /** Where the bytes of an upload lie sealed while it is looked at. */
  spoolFolder: string
  mailer: Mailer
  pager: Pager
  pace: ScanPace
  /** The queue that runs about attachments are started on. */
  attachmentsQueue: string
  quarantineDays: number
  /** So many infected attachments within an hour are an attack, and one page. */
  malwareBurstCount: number
  temporal: { namespace: string; uiUrl: string }
}

/** As the activities that stream have it. `isIsolated`: whether they serve the queue of files that broke off before, one at a time. */
export type StreamDeps = AttachmentDeps & { isIsolated: boolean; turns: ScanTurns }

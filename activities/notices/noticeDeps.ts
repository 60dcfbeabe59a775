import type { DistrictKeys } from '../../db/districtKeys.ts'
import type { Database } from '../../db/openDatabase.ts'
import type { NoticePace } from '../../db/queries/planNotices.ts'
import type { Mailer } from '../../domain/ports.ts'

/** What notifying acts on. */
export type NoticeDeps = {
  /** As role `app`. */
  app: Database
  districtKeys: DistrictKeys
  mailer: Mailer
  pace: NoticePace
  /** Where people sign in, and where the API takes back a wish for mail. Without a trailing slash. */
  publicUrl: string
}

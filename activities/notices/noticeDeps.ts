import type { DistrictKeys } from '../../db/districtKeys.ts'
import type { Database } from '../../db/openDatabase.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import type { NoticePace } from '../../db/queries/planNotices.ts'
import type { Mailer, SmsSender } from '../../domain/ports.ts'

/** What notifying acts on. */
export type NoticeDeps = {
  /** As role `app`. */
  app: Database
  districtKeys: DistrictKeys
  mailer: Mailer
  /** Null where nobody is written to by phone. */
  smsSender: SmsSender | null
  pace: NoticePace
  /** Runs that notify people are on its queue for that. */
  maintenanceQueue: string
  /** Where runs that translate are asked for. */
  translationsQueue: string
  /** Starts a run that the outbox asks for; rejects by a deadline of its own. Starting twice is starting once. */
  startRun(start: OutboxStart & { districtId: string }): Promise<void>
  /** Where people sign in, and where the API takes back a wish for mail. Without a trailing slash. */
  publicUrl: string
}

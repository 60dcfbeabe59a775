import type { DistrictKeys } from '../../db/districtKeys.ts'
import type { Database } from '../../db/openDatabase.ts'
import type { Mailer } from '../../domain/ports.ts'
import type { SafetyPace } from '../../workflows/contract.ts'

/** What the activities about reports act on. */
export type SafetyDeps = {
  /** As role `app`: one district at a time. */
  app: Database
  districtKeys: DistrictKeys
  mailer: Mailer
  pace: SafetyPace
}

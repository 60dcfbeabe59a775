import type { DistrictKeys } from '../../db/districtKeys.ts'
import type { Database } from '../../db/openDatabase.ts'
import type { Mailer, Pager, Translator } from '../../domain/ports.ts'
import type { TranslationPace } from '../../workflows/contract.ts'

/** What translating acts on. */
export type TranslationDeps = {
  /** As role `app`: one district at a time. */
  app: Database
  districtKeys: DistrictKeys
  /** Null where this installation has no provider: then nothing is translated, and a translation that is asked for fails with that reason. */
  translator: Translator | null
  mailer: Mailer
  pager: Pager
  pace: TranslationPace
}

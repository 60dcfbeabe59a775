import { sql } from 'kysely'
import type { QuietHours } from '../domain/notices/quietHours.ts'
import type { MetadataColumn } from '../domain/roster/columns.ts'
import type { CustodySource } from '../domain/roster/custody.ts'
import type { MetadataSources } from '../domain/roster/metadataSources.ts'
import type { TranslationSettings } from '../domain/translation/translationSettings.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { sourceColumns, toSources, type SourcesRow } from './queries/sourceColumns.ts'
import { tryLockRoster } from './roster/tryLockRoster.ts'
import { findRow } from './rows.ts'

/**
 * What a district is made with and may be told anew. `custody` and `languageColumn` are null where nothing tells of it. `language`: of whoever has not said in which they
 * want to be written to (BCP 47), and of whom the roster does not say it.
 */
export type DistrictSettings = MetadataSources & {
  timeZone: string
  brake: { percent: number; rows: number }
  quietHours: QuietHours
  language: string
  translation: TranslationSettings
}

/** What is said anew; what is absent stays. Who says it, by account name, and why: both stand in the audit log. */
export type DistrictChange = {
  districtId: string
  timeZone?: string
  brakePercent?: number
  brakeRows?: number
  custody?: CustodySource
  languageColumn?: MetadataColumn | null
  quietHours?: Partial<QuietHours>
  language?: string
  translation?: Partial<TranslationSettings>
  staff: string
  reason: string
}

export type SetDistrict =
  | { outcome: 'set' | 'unchanged'; before: DistrictSettings; after: DistrictSettings }
  | { outcome: 'no-district' }
  /** The district's roster is being changed by the settings of before; nothing was done, and nothing waited. */
  | { outcome: 'busy' }

/** The settings as they are; null when there is no such district. As the owner. */
export const readDistrictSettings = (owner: Database, districtId: string): Promise<DistrictSettings | null> =>
  withDistrict(owner, districtId, findDistrictSettings)

/**
 * Sets what is said anew, in one transaction with its row of the audit log. It counts from this commit on, in whatever asks next, but for the brake, which counts
 * with the next feed, and custody and the language of people, which are as the next feed tells them. As the owner: the application itself may set none of it.
 */
export const setDistrict = (owner: Database, { districtId, staff, reason, ...change }: DistrictChange): Promise<SetDistrict> =>
  withDistrict(owner, districtId, async (tx) => {
    if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
    const before = await findDistrictSettings(tx)
    if (before === null) return { outcome: 'no-district' }
    const after = applyChange(before, change)
    if (JSON.stringify(after) === JSON.stringify(before)) return { outcome: 'unchanged', before, after }
    await sql`
      update districts set time_zone = ${after.timeZone}, brake_percent = ${after.brake.percent}, brake_rows = ${after.brake.rows},
        custody_column = ${after.custody?.column ?? null}, custody_permitted = ${[...(after.custody?.permitted ?? [])]}::text[],
        custody_denied = ${[...(after.custody?.denied ?? [])]}::text[], language_column = ${after.languageColumn}, quiet_from = ${after.quietHours.from}, quiet_until = ${after.quietHours.until},
        default_language = ${after.language}, translation_budget = ${after.translation.budget}, translation_formality = ${after.translation.formality},
        is_profanity_masked = ${after.translation.isProfanityMasked}
      where id = ${districtId}`.execute(tx.db)
    await recordAudit(tx, {
      actor: { kind: 'staff', name: staff },
      action: 'district.set',
      target: { kind: 'district', id: districtId },
      reason,
      details: { ...toDetails('before', before), ...toDetails('after', after) },
    })
    return { outcome: 'set', before, after }
  })

const applyChange = (before: DistrictSettings, change: Omit<DistrictChange, 'districtId' | 'staff' | 'reason'>): DistrictSettings => ({
  timeZone: change.timeZone ?? before.timeZone,
  brake: { percent: change.brakePercent ?? before.brake.percent, rows: change.brakeRows ?? before.brake.rows },
  custody: change.custody ?? before.custody,
  languageColumn: change.languageColumn === undefined ? before.languageColumn : change.languageColumn,
  quietHours: { ...before.quietHours, ...change.quietHours },
  language: change.language ?? before.language,
  translation: { ...before.translation, ...change.translation },
})

const toDetails = (when: 'before' | 'after', settings: DistrictSettings): Record<string, string | number | boolean | null> => ({
  [`${when}TimeZone`]: settings.timeZone,
  [`${when}BrakePercent`]: settings.brake.percent,
  [`${when}BrakeRows`]: settings.brake.rows,
  [`${when}CustodyColumn`]: settings.custody?.column ?? null,
  [`${when}CustodyPermitted`]: settings.custody?.permitted.join() ?? null,
  [`${when}CustodyDenied`]: settings.custody?.denied.join() ?? null,
  [`${when}LanguageColumn`]: settings.languageColumn,
  [`${when}QuietFrom`]: settings.quietHours.from,
  [`${when}QuietUntil`]: settings.quietHours.until,
  [`${when}Language`]: settings.language,
  [`${when}TranslationBudget`]: settings.translation.budget,
  [`${when}TranslationFormality`]: settings.translation.formality,
  [`${when}IsProfanityMasked`]: settings.translation.isProfanityMasked,
})

type Row = QuietHours &
  SourcesRow &
  Omit<TranslationSettings, 'budget'> & { budget: string | null; timeZone: string; percent: number; rows: number; language: string }

/** As the owner, or as whoever reads for the district. Null for what is no district. */
export const findDistrictSettings = async ({ db, districtId }: DistrictTransaction): Promise<DistrictSettings | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select d.time_zone as "timeZone", d.brake_percent as percent, d.brake_rows as rows, ${sourceColumns('d')}, d.quiet_from as "from", d.quiet_until as until,
        d.default_language as language, d.translation_budget as budget, d.translation_formality as formality, d.is_profanity_masked as "isProfanityMasked"
      from districts d where d.id = ${districtId} and d.kind = 'district'`,
  )
  if (row === null) return null
  const {
    timeZone,
    percent,
    rows,
    column,
    permitted,
    denied,
    languageColumn,
    from,
    until,
    language,
    budget,
    formality,
    isProfanityMasked,
  } = row
  return {
    timeZone,
    brake: { percent, rows },
    ...toSources({ column, permitted, denied, languageColumn }),
    quietHours: { from, until },
    language,
    translation: { budget: budget === null ? null : Number(budget), formality, isProfanityMasked },
  }
}

import { defineEntity, p } from '@mikro-orm/core'
import { brakeDefaults } from '../../domain/roster/brake.ts'
import { homeLanguageColumn } from '../../domain/roster/metadataSources.ts'
import { translationsPerDayDefault } from '../../domain/translation/askingQuota.ts'
import { formalities } from '../../domain/translation/translationState.ts'
import { quietHoursDefault } from '../../domain/notices/quietHours.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import { uploadQuotaDefaults } from '../../domain/uploadQuotas.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWallById, windowFor } from '../districtPolicies.ts'

/** `operations` is the one row under which acts of our own staff that concern no district are audited. */
export const districtKinds = ['district', 'operations'] as const

const properties = {
  id: p.uuid().primary(),
  kind: p.enum(() => districtKinds),
  name: p.text(),
  /** IANA name; "today" for every rule of access is the date here (law 1). */
  timeZone: p.text(),
  /** Counts roster applications; rows of the roster say from and until which version they hold. */
  rosterVersion: p.bigint('number').default(0),
  uploadBytesMax: p.integer().default(uploadLimits.bytesDefault),
  personFilesPerDay: p.integer().default(uploadQuotaDefaults.personFilesPerDay),
  personBytesPerDay: p.bigint('number').default(uploadQuotaDefaults.personBytesPerDay),
  personUploadsInFlight: p.integer().default(uploadQuotaDefaults.personUploadsInFlight),
  districtFilesPerDay: p.integer().default(uploadQuotaDefaults.districtFilesPerDay),
  districtBytesPerDay: p.bigint('number').default(uploadQuotaDefaults.districtBytesPerDay),
  districtUploadsInFlight: p.integer().default(uploadQuotaDefaults.districtUploadsInFlight),
  /** A sync that would remove more than this share of a kind of row, and at least `brakeRows` of them, only suspends them. */
  brakePercent: p.integer().default(brakeDefaults.percent),
  brakeRows: p.integer().default(brakeDefaults.rows),
  /** The column of users.csv that tells of custody, and the words in it that permit and deny; null: nothing does, so nobody is permitted. */
  custodyColumn: p.text().nullable(),
  custodyPermitted: p.array().default([]),
  custodyDenied: p.array().default([]),
  /** The column of users.csv that tells in which language people are; null: nothing does. */
  languageColumn: p.text().nullable().default(homeLanguageColumn),
  /** Without a successful sync for so long, the district is told. */
  rosterLateAfterHours: p.integer().default(36),
  /** When it was last told so. */
  rosterLateToldAt: p.datetime().nullable(),
  /** Minutes of the day, in its time zone, from which and until which nobody is notified who has not said otherwise. */
  quietFrom: p.integer().default(quietHoursDefault.from),
  quietUntil: p.integer().default(quietHoursDefault.until),
  /** Characters (Unicode code points) that may be sent to be translated in a month; null: as many as there are. */
  translationBudget: p.bigint('number').nullable(),
  /** How many translations that were not there one person may ask for in a day. */
  personTranslationsPerDay: p.integer().default(translationsPerDayDefault),
  /** How readers are addressed in languages that have the difference; null: as the provider has it. */
  translationFormality: p.enum(() => formalities).nullable(),
  isProfanityMasked: p.boolean().default(false),
  /** BCP 47: of whoever has not said in which language they want to be written to, and of whom the roster says nothing. */
  defaultLanguage: p.text().default('en'),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const districtClasses: ColumnClasses<typeof properties> = {
  id: 'internal',
  kind: 'internal',
  name: 'internal',
  timeZone: 'internal',
  rosterVersion: 'internal',
  uploadBytesMax: 'internal',
  personFilesPerDay: 'internal',
  personBytesPerDay: 'internal',
  personUploadsInFlight: 'internal',
  districtFilesPerDay: 'internal',
  districtBytesPerDay: 'internal',
  districtUploadsInFlight: 'internal',
  brakePercent: 'internal',
  brakeRows: 'internal',
  custodyColumn: 'internal',
  custodyPermitted: 'internal',
  custodyDenied: 'internal',
  languageColumn: 'internal',
  rosterLateAfterHours: 'internal',
  rosterLateToldAt: 'internal',
  quietFrom: 'internal',
  quietUntil: 'internal',
  translationBudget: 'internal',
  personTranslationsPerDay: 'internal',
  translationFormality: 'internal',
  isProfanityMasked: 'internal',
  defaultLanguage: 'internal',
  createdAt: 'internal',
}

/** The tenant. */
export const DistrictSchema = defineEntity({
  name: 'District',
  tableName: 'districts',
  ...districtWallById,
  checks: [
    { name: 'districts_translation_budget_check', expression: 'translation_budget >= 0' },
    { name: 'districts_person_translations_check', expression: 'person_translations_per_day >= 1' },
    { name: 'districts_quiet_hours', expression: 'quiet_from >= 0 and quiet_from < 1440 and quiet_until >= 0 and quiet_until < 1440' },
    { name: 'districts_brake_check', expression: 'brake_percent >= 0 and brake_percent <= 100 and brake_rows >= 0' },
    {
      name: 'districts_upload_bytes_max_check',
      expression: `upload_bytes_max >= 1 and upload_bytes_max <= ${uploadLimits.bytesCeiling}`,
    },
    {
      name: 'districts_person_upload_quotas_check',
      expression: 'person_files_per_day >= 1 and person_bytes_per_day >= upload_bytes_max and person_uploads_in_flight >= 1',
    },
    {
      // `personShareMax`: one person, or a few, cannot keep everybody else from sending.
      name: 'districts_person_upload_share_check',
      expression: `person_files_per_day <= district_files_per_day / 20 and person_bytes_per_day <= district_bytes_per_day / 20
        and person_uploads_in_flight <= district_uploads_in_flight / 20`,
    },
  ],
  policies: [...districtWallById.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
})
export class District extends DistrictSchema.class {}
DistrictSchema.setClass(District)

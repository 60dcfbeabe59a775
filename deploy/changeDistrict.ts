import { validate as isUuid } from 'uuid'
import { findStaffName } from '../clients/findStaffName.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { readDistrictSettings, setDistrict, type DistrictChange } from '../db/setDistrict.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readLanguage, readQuietHours, readTranslation, writtenSettings } from './readMessagingSettings.ts'
import { readCustodySource } from './readCustodySource.ts'
import { brakeMax, readTimeZone, readWhole } from './readDistrictSettings.ts'
import { readLanguageColumn, sourceOptions } from './readMetadataSources.ts'
import { readText } from './readText.ts'
import { toSettingsText, toSettingsView } from './toSettingsText.ts'
import { Refused } from './refused.ts'
import type { Answer } from './setGrant.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district settings` and `set`, for `parseArgs`. */
export const settingsOptions = {
  district: text,
  'time-zone': text,
  'brake-percent': text,
  'brake-rows': text,
  ...sourceOptions,
  ...writtenSettings,
  reason: text,
} as const

export const settingsVerbs = ['settings', 'set'] as const
export type SettingsVerb = (typeof settingsVerbs)[number]

type Values = Partial<Record<keyof typeof settingsOptions, string>>

const noDistrict = 'there is no such district\n  mend: npm run district -- list'

/** @throws WrongUse | Refused */
export const changeDistrict = async (source: DistrictSource, verb: SettingsVerb, values: Values): Promise<Answer> => {
  const districtId = values.district ?? ''
  if (!isUuid(districtId)) throw new WrongUse('--district must be the id of a district')
  const change = verb === 'set' ? readChange(source, districtId, values) : null
  const owner = await openDatabase({ url: source.ownerUrl, connectionsMax: 1 })
  try {
    if (change !== null) return toAnswer(await setDistrict(owner, change))
    const settings = await readDistrictSettings(owner, districtId)
    if (settings === null) throw new Refused(noDistrict)
    return { json: toSettingsView(settings), lines: toSettingsText(settings) }
  } finally {
    await owner.close()
  }
}

const toAnswer = (done: Awaited<ReturnType<typeof setDistrict>>): Answer => {
  if (done.outcome === 'no-district') throw new Refused(noDistrict)
  if (done.outcome === 'busy')
    throw new Refused('the district’s roster is being changed at this moment, and nothing was done\n  mend: say it again in a minute')
  const { outcome, before, after } = done
  const how =
    outcome === 'set'
      ? 'It is set, and counts from now on; the brake, custody and what the roster says of languages with the next feed: whose line a feed leaves out stays as the last one told.\n'
      : 'It was so already, and nothing was done.\n'
  return { json: { outcome, before: toSettingsView(before), after: toSettingsView(after) }, lines: how + toSettingsText(after) }
}

const readChange = ({ isLocalStack }: DistrictSource, districtId: string, values: Values): DistrictChange => {
  const { 'time-zone': timeZone, 'brake-percent': percent, 'brake-rows': rows } = values
  const custody = readCustodySource(values)
  const languageColumn = readLanguageColumn(values)
  const change = {
    ...(timeZone === undefined ? {} : { timeZone: readTimeZone(timeZone) }),
    ...(percent === undefined ? {} : { brakePercent: readWhole('brake-percent', percent, brakeMax.percent) }),
    ...(rows === undefined ? {} : { brakeRows: readWhole('brake-rows', rows, brakeMax.rows) }),
    ...(custody === null ? {} : { custody }),
    ...(languageColumn === undefined ? {} : { languageColumn }),
    ...readQuietHours(values),
    ...readLanguage(values),
    ...readTranslation(values),
  }
  if (Object.keys(change).length === 0) {
    const { district: _, reason: __, ...names } = settingsOptions
    throw new WrongUse(
      `say what is to be set: ${Object.keys(names)
        .map((name) => `--${name}`)
        .join(', ')}`,
    )
  }
  const reason = readText({ reason: isLocalStack ? 'local stack' : undefined, ...values }, 'reason')
  return { districtId, ...change, staff: findStaffName(), reason }
}

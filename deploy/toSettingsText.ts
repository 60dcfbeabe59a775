import type { DistrictSettings } from '../db/setDistrict.ts'
import { toTimeOfDay } from '../domain/notices/quietHours.ts'

/** As `--json` prints them: times of the day as people write them. */
export const toSettingsView = ({ quietHours: { from, until }, ...settings }: DistrictSettings) => ({
  ...settings,
  quietHours: { from: toTimeOfDay(from), until: toTimeOfDay(until) },
})

const toWords = (words: readonly string[]): string => (words.length === 0 ? 'no word' : words.join(', '))

const toTranslationText = ({ budget, formality, isProfanityMasked }: DistrictSettings['translation']): string =>
  [
    budget === null ? 'as much as is written' : `${budget} characters a month`,
    formality ?? 'neither formal nor informal',
    isProfanityMasked ? 'profane words masked' : 'profane words as they are',
  ].join(', ')

/** For people to read. */
export const toSettingsText = ({
  timeZone,
  brake,
  custody,
  languageColumn,
  quietHours: { from, until },
  language,
  translation,
}: DistrictSettings): string => {
  const told =
    custody === null
      ? 'nothing tells of it, so no guardian is written to'
      : `${custody.column}: permitted by ${toWords(custody.permitted)}, denied by ${toWords(custody.denied)}`
  const quiet = from === until ? 'no hour' : `${toTimeOfDay(from)} until ${toTimeOfDay(until)}`
  return `time zone    ${timeZone}
brake        ${brake.percent} % and ${brake.rows} rows
custody      ${told}
quiet        ${quiet}
language     ${language}, where ${languageColumn === null ? 'nobody has said another' : `neither the person nor ${languageColumn} says another`}
translation  ${toTranslationText(translation)}
`
}

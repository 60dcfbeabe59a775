import type { DistrictChange } from '../db/setDistrict.ts'
import { parseTimeOfDay } from '../domain/notices/quietHours.ts'
import { toLanguageTag } from '../domain/toLanguageTag.ts'
import type { TranslationSettings } from '../domain/translation/translationSettings.ts'
import { formalities } from '../domain/translation/translationState.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district set` about what people write to each other and when they are told of it, for `parseArgs`. */
export const writtenSettings = {
  'quiet-from': text,
  'quiet-until': text,
  language: text,
  'translation-budget': text,
  'translation-formality': text,
  'mask-profanity': text,
} as const

type Values = Partial<Record<keyof typeof writtenSettings, string>>

const readTime = (values: Values, name: 'quiet-from' | 'quiet-until'): number => {
  const written = values[name] ?? ''
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(written)) throw new WrongUse(`--${name} must be a time of day such as 21:00`)
  return parseTimeOfDay(written)
}

/** @throws WrongUse */
export const readQuietHours = (values: Values): Pick<DistrictChange, 'quietHours'> => {
  const quietHours = {
    ...(values['quiet-from'] === undefined ? {} : { from: readTime(values, 'quiet-from') }),
    ...(values['quiet-until'] === undefined ? {} : { until: readTime(values, 'quiet-until') }),
  }
  return Object.keys(quietHours).length === 0 ? {} : { quietHours }
}

/** @throws WrongUse */
export const readLanguage = ({ language: written }: Values): Pick<DistrictChange, 'language'> => {
  if (written === undefined) return {}
  const language = written.length > 35 ? null : toLanguageTag(written)
  if (language === null) throw new WrongUse('--language must be a language tag such as en or es-MX')
  return { language }
}

/** Characters a month; more than any district writes. */
const budgetMax = 1_000_000_000_000

const readBudget = (written: string): number | null => {
  if (written === 'none') return null
  if (!/^\d{1,13}$/.test(written) || Number(written) > budgetMax)
    throw new WrongUse(`--translation-budget must be a count of characters from 0 to ${budgetMax}, or none`)
  return Number(written)
}

const readFormality = (written: string): TranslationSettings['formality'] => {
  if (written === 'none') return null
  const formality = formalities.find((one) => one === written)
  if (formality === undefined) throw new WrongUse(`--translation-formality must be one of ${formalities.join(', ')}, none`)
  return formality
}

const readYes = (name: keyof Values, written: string): boolean => {
  if (written !== 'yes' && written !== 'no') throw new WrongUse(`--${name} must be yes or no`)
  return written === 'yes'
}

/** @throws WrongUse */
export const readTranslation = (values: Values): Pick<DistrictChange, 'translation'> => {
  const { 'translation-budget': budget, 'translation-formality': formality, 'mask-profanity': mask } = values
  const translation = {
    ...(budget === undefined ? {} : { budget: readBudget(budget) }),
    ...(formality === undefined ? {} : { formality: readFormality(formality) }),
    ...(mask === undefined ? {} : { isProfanityMasked: readYes('mask-profanity', mask) }),
  }
  return Object.keys(translation).length === 0 ? {} : { translation }
}

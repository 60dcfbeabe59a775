import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { TranslationRecord } from '../../db/queries/translationRow.ts'
import type { TranslationView } from '../schemas/translationSchema.ts'

/** A translation as its readers see it, beside the original; null while there is none. */
export const toTranslationView = (cipher: ColumnCipher, translation: TranslationRecord): TranslationView | null => {
  const { id, language, sourceLanguage, body, provider, finishedAt, lost } = translation
  if (body === null || provider === null || finishedAt === null) return null
  const text = cipher.openText({ table: 'translations', rowId: id, column: 'body' }, body)
  return { language, sourceLanguage, text, provider, translatedAt: finishedAt.toISOString(), lost }
}

/** Those that are there of one text among many. */
export const toTranslationViews = (cipher: ColumnCipher, translations: readonly TranslationRecord[], textId: string): TranslationView[] =>
  translations.flatMap((one) => (one.textId === textId ? (toTranslationView(cipher, one) ?? []) : []))

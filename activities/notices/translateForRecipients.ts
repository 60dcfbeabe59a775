import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { listLanguagesOf } from '../../db/queries/listLanguagesOf.ts'
import { requestTranslation } from '../../db/queries/requestTranslation.ts'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import { toTranslatingStart } from '../../workflows/contract.ts'

/**
 * Asks for an announcement in the languages that these people prefer, where it is written in another: one run for each language, however many read it and however often this is
 * done. Where nothing is to be translated, nothing is asked for.
 */
export const translateForRecipients = async (
  tx: DistrictTransaction,
  translationsQueue: string,
  { announcementId, language: written, userIds }: { announcementId: string; language: string; userIds: readonly string[] },
): Promise<void> => {
  const startFor = toTranslatingStart(translationsQueue)
  const done = new Set<string>()
  for (const { language: tag, userId } of await listLanguagesOf(tx, userIds)) {
    const language = toTranslationLanguage(tag)
    if (language === null || done.has(language) || isSameLanguage(language, written)) continue
    done.add(language)
    await requestTranslation(tx, { announcementId, actorId: userId, language, startFor })
  }
}

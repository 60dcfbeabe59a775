import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { findAnnouncementText } from '../../db/queries/findAnnouncementText.ts'
import type { LanguageWanted } from '../../db/queries/listRecipientLanguages.ts'
import { requestTranslation } from '../../db/queries/requestTranslation.ts'
import { countCharacters } from '../../domain/translation/countCharacters.ts'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import { toTranslatingStart } from '../../workflows/contract.ts'

/** One who wants it in each language of the provider's that it is not written in. */
const toOneEach = (wanted: readonly LanguageWanted[], written: string): Map<string, string> => {
  const readers = new Map<string, string>()
  for (const { language: tag, userId } of wanted) {
    const language = toTranslationLanguage(tag)
    if (language !== null && !readers.has(language) && !isSameLanguage(language, written)) readers.set(language, userId)
  }
  return readers
}

/**
 * Asks for an announcement in the languages that some of its recipients prefer, where it is written in another: one run for each language, however many read it and however often this is
 * done. Where nothing is to be translated, or the month is used up, nothing is asked for. Answers the runs that were asked for now.
 */
export const translateForRecipients = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  translationsQueue: string,
  { announcementId, wanted }: { announcementId: string; wanted: readonly LanguageWanted[] },
): Promise<OutboxStart[]> => {
  const found = await findAnnouncementText(tx, announcementId)
  const readers = found === null ? null : toOneEach(wanted, found.language)
  if (found === null || readers === null || readers.size === 0) return []
  const text = cipher.openText({ table: 'announcements', rowId: announcementId, column: 'body' }, found.body)
  if (text.trim() === '') return []
  const startFor = toTranslatingStart(translationsQueue)
  const unasked = { characters: countCharacters(text) }
  const starts: OutboxStart[] = []
  for (const [language, actorId] of readers) {
    const requested = await requestTranslation(tx, { announcementId, actorId, language, startFor, unasked })
    if (requested?.start) starts.push(requested.start)
  }
  return starts
}

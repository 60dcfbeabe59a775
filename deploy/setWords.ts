import { validate as isUuid } from 'uuid'
import { findStaffName } from '../clients/findStaffName.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { addWord, listWords, removeWord, type ListedWord } from '../db/setDistrictWord.ts'
import { foldText } from '../domain/language/foldText.ts'
import { wordKinds, type WordKind } from '../domain/language/wordKinds.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readText } from './readText.ts'
import { Refused } from './refused.ts'
import type { Answer } from './setGrant.ts'
import { toTextTable } from './toTextTable.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district words`, `add-word` and `remove-word`, for `parseArgs`. `--district` and `--reason` are others' too. */
export const wordOptions = { district: text, term: text, language: text, kind: text, reason: text } as const

export const wordVerbs = ['words', 'add-word', 'remove-word'] as const
export type WordVerb = (typeof wordVerbs)[number]

type Values = Partial<Record<keyof typeof wordOptions, string>>

const noDistrict = 'there is no such district\n  mend: npm run district -- list'

/** @throws WrongUse | Refused */
export const setWords = async (source: DistrictSource, verb: WordVerb, values: Values): Promise<Answer> => {
  const districtId = values.district ?? ''
  if (!isUuid(districtId)) throw new WrongUse('--district must be the id of a district')
  const act = verb === 'words' ? null : readAct(source, districtId, values)
  const kind = verb === 'add-word' ? readKind(values.kind) : null
  const owner = await openDatabase({ url: source.ownerUrl, connectionsMax: 1 })
  try {
    if (act === null) {
      const listed = await listWords(owner, districtId)
      if (listed === null) throw new Refused(noDistrict)
      return { json: listed, lines: toListText(listed.words) }
    }
    if (kind === null) {
      if (!(await removeWord(owner, act))) throw new Refused('the district has no such word in that language\n  mend: look with "words"')
      return { json: { language: act.language, term: act.term }, lines: 'It is removed.\n' }
    }
    if (!(await addWord(owner, { ...act, kind }))) throw new Refused(noDistrict)
    return { json: { language: act.language, term: act.term, kind }, lines: 'It is added, and counts within half a minute.\n' }
  } finally {
    await owner.close()
  }
}

const toListText = (words: readonly ListedWord[]): string =>
  words.length === 0
    ? 'The district has added no word.\n'
    : `${toTextTable([['language', 'does', 'word'], ...words.map(({ language, kind, term }) => [language, kind, term])])}\n`

const readAct = ({ isLocalStack }: DistrictSource, districtId: string, values: Values) => ({
  districtId,
  term: readTerm(values),
  language: readLanguageCode(values.language),
  staff: findStaffName(),
  reason: readText({ reason: isLocalStack ? 'local stack' : undefined, ...values }, 'reason'),
})

const readTerm = (values: Values): string => {
  const term = readText(values, 'term')
  if (term.length > 100 || foldText(term).text.replace(/[^\p{L}\p{N}]/gu, '').length < 2)
    throw new WrongUse('--term must be a word or phrase of 2 to 100 characters')
  return term
}

const readLanguageCode = (given = ''): string => {
  if (!/^[a-z]{2,3}$/.test(given)) throw new WrongUse('--language must be a code such as en or es')
  return given
}

const readKind = (given = 'nudge'): WordKind => {
  const known = wordKinds.find((kind) => kind === given)
  if (known === undefined) throw new WrongUse(`--kind must be one of ${wordKinds.join(', ')}`)
  return known
}

import { concernKinds, type ConcernKind } from '../report.ts'
import { concernPhrases } from './concernPhrases.ts'
import { foldText, joinSpelled } from './foldText.ts'
import { toWordPattern } from './toWordPattern.ts'
import { noDistrictWords, type DistrictWords } from './wordKinds.ts'

const patterns: Readonly<Record<ConcernKind, RegExp>> = Object.fromEntries(
  concernKinds.map((kind) => [kind, new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${concernPhrases[kind].join('|')})`, 'u')]),
) as Record<ConcernKind, RegExp>

/** The gravest concern that the words of a text raise; null for most texts. Its author never learns of it. */
export const findConcern = (text: string, words: DistrictWords = noDistrictWords): ConcernKind | null => {
  const folded = foldText(text)
  const joined = joinSpelled(folded)
  const readings = (joined === folded ? [folded] : [folded, joined]).map(({ text: reading }) => reading.replace(/\s+/g, ' '))
  const isRaised = (kind: ConcernKind): boolean => {
    const own = toWordPattern(words[kind])
    return readings.some((reading) => patterns[kind].test(reading) || (own !== null && reading.search(own) >= 0))
  }
  return concernKinds.find(isRaised) ?? null
}

import { concernKinds, type ConcernKind } from '../report.ts'
import { concernPhrases } from './concernPhrases.ts'
import { foldText, joinSpelled } from './foldText.ts'

const patterns: Readonly<Record<ConcernKind, RegExp>> = Object.fromEntries(
  concernKinds.map((kind) => [kind, new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${concernPhrases[kind].join('|')})`, 'u')]),
) as Record<ConcernKind, RegExp>

/** The gravest concern that the words of a text raise; null for most texts. Its author never learns of it. */
export const findConcern = (text: string): ConcernKind | null => {
  const folded = foldText(text)
  const readings = [folded, joinSpelled(folded)].map(({ text: reading }) => reading.replace(/\s+/g, ' '))
  return concernKinds.find((kind) => readings.some((reading) => patterns[kind].test(reading))) ?? null
}

import { foldText, joinSpelled, toOriginal, type FoldedText, type Span } from './foldText.ts'
import { maskedWords } from './maskedWords.ts'
import { toWordPattern } from './toWordPattern.ts'

/** Why a part of a text is shown to its author once more before it is posted. */
export const findingReasons = ['profanity', 'district-word'] as const
type FindingReason = (typeof findingReasons)[number]

/** Positions are UTF-16 code units of the text as it was written; `end` is exclusive. */
export type Finding = Span & { why: FindingReason }

/** More would say nothing more. */
const findingsMax = 20

export type LanguageLists = {
  /** Finds profanity of a language, also in parts of words and behind other letters. */
  findProfanity: (text: string) => readonly Span[]
  /** The district's own words and phrases, of whatever language. */
  districtWords: readonly string[]
}

const matchAll = (pattern: RegExp, text: string): Span[] =>
  [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }))

/** Widens a finding to the whole words that it touches: what an author is shown has to be readable. Each place is looked at once, however many findings there are. */
const createWiden = (text: string) => {
  const starts = Array.from({ length: text.length }, (_, index) => index)
  const ends = Array.from({ length: text.length }, (_, index) => index + 1)
  for (const { start, end } of matchAll(/[\p{L}\p{N}]+/gu, text)) {
    starts.fill(start, start, end)
    ends.fill(end, start, end)
  }
  return ({ start, end }: Span): Span => ({ start: starts[start] ?? start, end: ends[end - 1] ?? end })
}

const findIn = (folded: FoldedText, { findProfanity, districtWords }: LanguageLists): Finding[] => {
  const own = toWordPattern(districtWords)
  const widen = createWiden(folded.text)
  const found = [
    ...[...findProfanity(folded.text), ...maskedWords.flatMap((pattern) => matchAll(pattern, folded.text))].map((span) => ({
      why: 'profanity' as const,
      span: widen(span),
    })),
    ...(own === null ? [] : matchAll(own, folded.text)).map((span) => ({ why: 'district-word' as const, span })),
  ]
  return found.map(({ why, span }) => ({ why, ...toOriginal(folded, span) }))
}

/** Of findings that overlap, the first and longest. */
const withoutOverlaps = (findings: readonly Finding[]): Finding[] => {
  const kept: Finding[] = []
  for (const finding of findings.toSorted((one, other) => one.start - other.start || other.end - one.end))
    if (finding.start >= (kept.at(-1)?.end ?? 0)) kept.push(finding)
  return kept
}

/**
 * What of a text its author is asked about before it is posted, in order and without overlaps, the first few; empty for most texts. It is a question, not a verdict: the
 * author may post it all the same.
 */
export const checkLanguage = (text: string, lists: LanguageLists): Finding[] => {
  const folded = foldText(text)
  const joined = joinSpelled(folded)
  const findings = findIn(folded, lists)
  const all = joined === folded ? findings : [...findings, ...findIn(joined, lists)]
  return withoutOverlaps(all).slice(0, findingsMax)
}

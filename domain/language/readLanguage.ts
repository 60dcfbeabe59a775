import type { ConcernKind } from '../report.ts'
import { checkLanguage, type Finding } from './checkLanguage.ts'
import { findConcern } from './findConcern.ts'
import type { Span } from './foldText.ts'
import type { DistrictWords } from './wordKinds.ts'

/** What is done about the words of a message: somebody else looks at it, or its author is asked once more, or neither. Never both. */
export type Reading = { concern: ConcernKind | null; findings: readonly Finding[] }

/** A text that raises a concern is posted as it is: its author is asked nothing, and learns nothing of it. */
export const readLanguage = (
  text: string,
  { findProfanity, words }: { findProfanity: (text: string) => readonly Span[]; words: DistrictWords },
): Reading => {
  const concern = findConcern(text, words)
  return { concern, findings: concern === null ? checkLanguage(text, { findProfanity, districtWords: words.nudge }) : [] }
}

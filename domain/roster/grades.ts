/**
 * Grades of classes: the codes of CEDS, "Entry Grade Level", that OneRoster 1.2 names for `grades`, youngest first. Of a class, never of a child: a child's own grade is not taken.
 */
export const grades = [
  'IT',
  'PR',
  'PK',
  'TK',
  'KG',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '07',
  '08',
  '09',
  '10',
  '11',
  '12',
  '13',
  'PS',
  'UG',
] as const
export type Grade = (typeof grades)[number]

/** What systems write for a code. */
const codeOf = (word: string): string => (/^\d$/.test(word) ? `0${word}` : word === 'K' ? 'KG' : word)

/** The grades among these words, each once, youngest first; every other word is none. */
export const toGrades = (words: readonly string[]): Grade[] => {
  const codes = new Set(words.map((word) => codeOf(word.toUpperCase())))
  return grades.filter((grade) => codes.has(grade))
}

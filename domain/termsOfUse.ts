/** Characters (code points) that the terms of use of a district may have. */
export const termsCharactersMax = 50_000

/** The section that no terms of use go without: what becomes of what people write and send. */
export const contributionsTitle = 'User contributions'

/** What everybody is told beside the terms of use, in whatever words those say it. */
export const readingNotice =
  'Your school district can read everything that is written and sent here, also what a teacher has hidden and what its author has withdrawn. Every such look is recorded with its reason, and shown to the district.'

/** What keeps a text from being terms of use. */
export type TermsFault = 'no-contributions' | 'contributions-empty'

const heading = /^#{1,6}\s+(.*?)\s*#*$/
/** `3. User contributions` is that section, too. */
const number = /^(?:\d+[.)]\s*)+/

const isContributions = (line: string): boolean => {
  const title = heading.exec(line)?.[1] ?? line
  return title.replace(number, '').toLowerCase() === contributionsTitle.toLowerCase()
}

/** Of dashes or equals signs alone: the line under a title. */
const isRule = (line: string): boolean => /^(?:=+|-+)$/.test(line)

/**
 * Looks for the section on user contributions: a line of its own with that title, as a heading of Markdown or plain, and words below it before the next heading.
 * Null when there is one.
 */
export const findTermsFault = (text: string): TermsFault | null => {
  const lines = text.split('\n').map((line) => line.trim())
  const titles = lines.flatMap((line, index) => (isContributions(line) ? [index] : []))
  if (titles.length === 0) return 'no-contributions'
  const hasWords = (title: number): boolean => {
    const first = lines.slice(title + 1).find((line) => line !== '' && !isRule(line))
    return first !== undefined && !heading.test(first)
  }
  return titles.some(hasWords) ? null : 'contributions-empty'
}

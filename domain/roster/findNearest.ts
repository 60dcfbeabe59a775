/** How many letters must be changed, added or taken away: Levenshtein's distance, row by row. */
const countEdits = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** Letters and digits only: what is left when the invisible, the blank and the case are taken away. */
const toBare = (word: string): string => word.replaceAll(/[^0-9A-Za-z]/g, '').toLowerCase()

const charactersMax = 100

/** The known word that `written` probably is, or null when it is like none of them. */
export const findNearest = (written: string, known: Iterable<string>): string | null => {
  const bare = toBare(written.slice(0, charactersMax))
  const ranked = [...known]
    .map((word) => ({ word, edits: countEdits(bare, toBare(word)) }))
    .toSorted((one, other) => one.edits - other.edits || one.word.localeCompare(other.word))
  const [best] = ranked
  return best !== undefined && best.edits <= Math.min(3, best.word.length / 3) ? best.word : null
}

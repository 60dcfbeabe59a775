/** How a line was left: within a quoted field that goes on in the next line, or not. */
export type LineEnd = { isInQuotes: boolean }

export type SplitLine = LineEnd & ({ fields: string[] } | { damage: 'line-break-in-field' | 'quote-damaged' })

/**
 * The fields of one line, by RFC 4180. OneRoster allows no line break within a field, and still a quoted field that has one is followed to
 * its end: were the next line read on its own, whoever can put a line break into a title could write rows.
 */
export const splitFields = (line: string, before: LineEnd): SplitLine => {
  if (!before.isInQuotes && !line.includes('"')) return { fields: line.split(','), isInQuotes: false }
  return splitQuoted(line, before.isInQuotes)
}

const splitQuoted = (line: string, beganInQuotes: boolean): SplitLine => {
  const fields: string[] = []
  let isDamaged = false
  let at = 0
  let isFirst = true
  while (at <= line.length) {
    const isContinued = isFirst && beganInQuotes
    isFirst = false
    if (!isContinued && line[at] !== '"') {
      const end = endOfPlain(line, at)
      const field = line.slice(at, end)
      if (field.includes('"')) isDamaged = true
      fields.push(field)
      at = end + 1
      continue
    }
    const start = isContinued ? at : at + 1
    const { end, isStray } = endOfQuoted(line, start)
    if (isStray) isDamaged = true
    if (end === null) return { damage: isDamaged ? 'quote-damaged' : 'line-break-in-field', isInQuotes: true }
    fields.push(line.slice(start, end).replaceAll('""', '"'))
    at = end + 2
  }
  if (isDamaged) return { damage: 'quote-damaged', isInQuotes: false }
  return beganInQuotes ? { damage: 'line-break-in-field', isInQuotes: false } : { fields, isInQuotes: false }
}

const endOfPlain = (line: string, start: number): number => {
  const comma = line.indexOf(',', start)
  return comma === -1 ? line.length : comma
}

/** The place of the quotation mark that closes the field: one that a comma or the end follows. Another lone one is stray, and closes nothing. */
const endOfQuoted = (line: string, start: number): { end: number | null; isStray: boolean } => {
  let isStray = false
  let mark = line.indexOf('"', start)
  while (mark !== -1) {
    const next = line[mark + 1]
    if (next === undefined || next === ',') return { end: mark, isStray }
    if (next !== '"') isStray = true
    mark = line.indexOf('"', next === '"' ? mark + 2 : mark + 1)
  }
  return { end: null, isStray }
}

import type { RejectCode } from '../../domain/roster/rejectCodes.ts'
import { readLines } from './readLines.ts'
import { splitFields } from './splitFields.ts'

/** A line of a CSV file: its fields, nothing at all, or why it has no fields. `line` counts from 1. */
export type TableLine = { line: number } & ({ fields: string[] } | { isBlank: true } | { damage: RejectCode })

/** Every line of a file, the header first, each exactly once; those of each chunk together. @throws FeedUnreadable */
export async function* readTable(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<TableLine[]> {
  let line = 0
  let isInQuotes = false
  for await (const lines of readLines(chunks, file)) {
    yield lines.map((text): TableLine => {
      line += 1
      if (text === '' && !isInQuotes) return { line, isBlank: true }
      const split = splitFields(text, { isInQuotes })
      isInQuotes = split.isInQuotes
      return 'fields' in split ? { line, fields: split.fields } : { line, damage: split.damage }
    })
  }
}

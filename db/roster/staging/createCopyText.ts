import { toCopyLine } from './copyRows.ts'
import type { StagedValue } from './stagedTables.ts'

/**
 * Lines of COPY as the bytes that are sent, gathered in memory that is used again and again. Kept as text, half a megabyte of them is a tree of a hundred thousand
 * pieces of lines, which outlives the short garbage collections and is only found by the long ones.
 */
export type CopyText = {
  /** Adds a line, and answers its bytes. */
  add(values: readonly StagedValue[]): number
  /** What was added since the last time. It is overwritten once what was taken after it is taken: one batch may be on its way while the next is gathered. */
  take(): Buffer
}

const bytesAtFirst = 65_536
/** Of a character in UTF-8, counted as JavaScript counts (a pair of two takes four). */
const bytesOfCharacterMax = 3

export const createCopyText = (): CopyText => {
  let filling = Buffer.allocUnsafeSlow(bytesAtFirst)
  let other = Buffer.allocUnsafeSlow(0)
  let used = 0
  return {
    add: (values) => {
      const line = toCopyLine(values)
      const needed = used + line.length * bytesOfCharacterMax
      if (needed > filling.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, filling.length * 2))
        filling.copy(larger, 0, 0, used)
        filling = larger
      }
      const bytes = filling.write(line, used, 'utf8')
      used += bytes
      return bytes
    },
    take: () => {
      const taken = filling.subarray(0, used)
      const spare = other.length < filling.length ? Buffer.allocUnsafeSlow(filling.length) : other
      other = filling
      filling = spare
      used = 0
      return taken
    },
  }
}

import { feedLimits } from '../../domain/roster/feedLimits.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'

/**
 * The lines of a file, without their ends (LF or CR LF), and without one byte-order mark at the start; those of each chunk together. What
 * follows the last line end is a line if there is anything.
 * @throws FeedUnreadable `not-utf-8`, `line-too-long`
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  let rest = ''
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw new FeedUnreadable('not-utf-8', { file, line: line + 1 + countLinesBeforeFault(chunk) })
    }
  }
  const requireShort = (text: string): void => {
    if (text.length > feedLimits.lineCharactersMax) throw new FeedUnreadable('line-too-long', { file, line: line + 1 })
  }
  for await (const chunk of chunks) {
    const lines = (rest + decode(chunk)).split('\n')
    rest = lines.pop() ?? ''
    requireShort(rest)
    for (let index = 0; index < lines.length; index += 1) {
      const text = lines[index] ?? ''
      requireShort(text)
      if (text.endsWith('\r')) lines[index] = text.slice(0, -1)
      line += 1
    }
    if (lines.length > 0) yield lines
  }
  rest += decode()
  if (rest !== '') yield [rest.endsWith('\r') ? rest.slice(0, -1) : rest]
}

const countLinesBeforeFault = (chunk: Uint8Array | undefined): number => {
  // Decoded leniently, what is no letter is U+FFFD.
  const text = new TextDecoder().decode(chunk)
  return text.slice(0, text.indexOf('\uFFFD')).split('\n').length - 1
}

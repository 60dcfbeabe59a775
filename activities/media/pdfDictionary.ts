const [open, close] = [0x3c, 0x3e]
const [openRound, closeRound, backslash, percent, lineFeed, carriageReturn] = [0x28, 0x29, 0x5c, 0x25, 0x0a, 0x0d]

/** White space of ISO 32000-1, table 1. */
export const isSpace = (byte: number | undefined): boolean =>
  byte === 0 || byte === 0x09 || byte === lineFeed || byte === 0x0c || byte === carriageReturn || byte === 0x20

/** Past white space from `at` on. */
export const skipSpace = (content: Buffer, at: number): number => {
  let end = at
  while (isSpace(content[end])) end += 1
  return end
}

const skipComment = (content: Buffer, at: number): number => {
  let end = at
  while (end < content.length && content[end] !== lineFeed && content[end] !== carriageReturn) end += 1
  return end
}

/** Past white space and comments from `at` on. */
export const skipGap = (content: Buffer, at: number): number => {
  let end = skipSpace(content, at)
  while (content[end] === percent) end = skipSpace(content, skipComment(content, end))
  return end
}

/** Past the string that begins with `(` at `at`: round brackets may nest, and a backslash takes the next byte along. */
const skipString = (content: Buffer, at: number): number => {
  let depth = 0
  for (let end = at; end < content.length; end += 1) {
    const byte = content[end]
    if (byte === backslash) end += 1
    else if (byte === openRound) depth += 1
    else if (byte === closeRound) depth -= 1
    if (depth === 0) return end + 1
  }
  return content.length
}

/**
 * Where the dictionary ends whose `<<` is at `at`, by its own words: brackets inside of strings and comments do not count
 * (ISO 32000-1, 7.2 and 7.3). Null when it does not end in `content`.
 */
export const findDictionaryEnd = (content: Buffer, at: number): number | null => {
  let depth = 0
  for (let end = at; end < content.length;) {
    const byte = content[end]
    const isDouble = content[end + 1] === byte
    if (byte === openRound) end = skipString(content, end)
    else if (byte === percent) end = skipComment(content, end)
    else if ((byte === open || byte === close) && isDouble) {
      depth += byte === open ? 1 : -1
      end += 2
      if (depth === 0) return end
    } else end += 1
  }
  return null
}

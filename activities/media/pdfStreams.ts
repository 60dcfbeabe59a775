import { findDictionaryEnd, isSpace, skipGap, skipSpace } from './pdfDictionary.ts'

const keyword = Buffer.from('stream')
const delimiters = new Set(Buffer.from('()<>[]{}/%'))

/** Not "endstream", and not "Bitstream" in the licence of a font. */
const isTokenStart = (content: Buffer, at: number): boolean => {
  const before = content[at - 1]
  return before === undefined || isSpace(before) || delimiters.has(before)
}

/**
 * Where the bytes may begin of a stream whose keyword is at `at`: behind its line, whatever stands in the rest of it, or, as other viewers
 * have it, behind the white space that follows. White space never begins packed bytes.
 */
export const listDataStarts = (content: Buffer, at: number, endOfLine: number): number[] => {
  const starts = [skipSpace(content, at + keyword.length)]
  if (endOfLine !== -1) starts.push(skipSpace(content, endOfLine))
  return starts
}

/** The end of the line from a place on, asked for in ascending order: each byte is looked at once. */
export const createLineFinder = (content: Buffer): ((from: number) => number) => {
  const next = { feed: -2, carriage: -2 }
  const find = (key: 'feed' | 'carriage', byte: number, from: number): number => {
    if (next[key] !== -1 && next[key] < from) next[key] = content.indexOf(byte, from)
    return next[key] === -1 ? content.length : next[key]
  }
  return (from) => {
    const end = Math.min(find('feed', 0x0a, from), find('carriage', 0x0d, from))
    return end === content.length ? -1 : end
  }
}

/** Where each keyword `stream` stands. */
export function* listStreamKeywords(content: Buffer): Generator<number> {
  for (let at = content.indexOf(keyword); at !== -1; at = content.indexOf(keyword, at + keyword.length)) {
    if (isTokenStart(content, at)) yield at
  }
}

/** A dictionary in front of a stream; `at` is where the keyword stands, null when the dictionary did not end. */
export type Declared = { dictionary: Buffer; at: number | null }

/** The longest dictionary that is read. */
const dictionaryBytesMax = 1024 * 1024

/**
 * Every dictionary with a stream behind it, read forward from every `obj` in the file, within other objects too: a viewer that opens an object
 * reads from one of them, while the last one in front of a stream may stand in a string, a name or a comment. Ends with `too-much` when
 * reading them is work out of all proportion to the file.
 */
export function* listDeclared(content: Buffer): Generator<Declared | 'too-much'> {
  let workLeft = content.length * 8 + 16 * dictionaryBytesMax
  for (let at = content.indexOf('obj'); at !== -1; at = content.indexOf('obj', at + 3)) {
    const window = content.subarray(at + 3, at + 3 + dictionaryBytesMax)
    const open = skipGap(window, 0)
    if (window[open] !== 0x3c || window[open + 1] !== 0x3c) workLeft -= open
    else {
      const close = findDictionaryEnd(window, open)
      workLeft -= close ?? window.length
      if (close === null) yield { dictionary: window, at: null }
      else {
        const keywordAt = skipGap(window, close)
        workLeft -= keywordAt - close
        const isStream = window.subarray(keywordAt, keywordAt + keyword.length).equals(keyword)
        if (isStream) yield { dictionary: window.subarray(open, close), at: at + 3 + keywordAt }
      }
    }
    if (workLeft < 0) {
      yield 'too-much'
      return
    }
  }
}

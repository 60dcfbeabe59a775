import { openWindow, readContent, type Content } from './content.ts'
import { listPlaces } from './listPlaces.ts'
import { findDictionaryEnd, isSpace, skipGap, skipSpace } from './pdfDictionary.ts'

const keyword = Buffer.from('stream')
const objectKeyword = Buffer.from('obj')
const delimiters = new Set(Buffer.from('()<>[]{}/%'))

/** Not "endstream", and not "Bitstream" in the licence of a font. */
const isTokenStart = (content: Content, at: number): boolean => {
  const before = at === 0 ? undefined : readContent(content, at - 1, at)[0]
  return before === undefined || isSpace(before) || delimiters.has(before)
}

/**
 * Where the bytes may begin of a stream whose keyword is at `at`: behind its line, whatever stands in the rest of it, or, as other viewers
 * have it, behind the white space that follows. White space never begins packed bytes.
 */
export const listDataStarts = (content: Content, at: number, endOfLine: number): number[] => {
  const starts = [findBehindSpace(content, at + keyword.length)]
  if (endOfLine !== -1) starts.push(findBehindSpace(content, endOfLine))
  return starts
}

/** Lines and white space are mostly short. */
const shortBytes = 256

const findBehindSpace = (content: Content, from: number): number => {
  for (let start = from; ; start += shortBytes) {
    const window = readContent(content, start, start + shortBytes)
    const end = skipSpace(window, 0)
    if (end < shortBytes) return start + end
  }
}

/** The end of the line from a place on, asked for in ascending order: each byte is looked at once. */
export const createLineFinder = (content: Content): ((from: number) => number) => {
  const next = { feed: -2, carriage: -2 }
  const find = (key: 'feed' | 'carriage', byte: number, from: number): number => {
    if (next[key] !== -1 && next[key] < from) next[key] = listPlaces(content, Buffer.of(byte), from, shortBytes).next().value ?? -1
    return next[key] === -1 ? content.bytes : next[key]
  }
  return (from) => {
    const end = Math.min(find('feed', 0x0a, from), find('carriage', 0x0d, from))
    return end === content.bytes ? -1 : end
  }
}

/** Where each keyword `stream` stands. */
export function* listStreamKeywords(content: Content): Generator<number> {
  for (const at of listPlaces(content, keyword)) if (isTokenStart(content, at)) yield at
}

/** A dictionary in front of a stream; `at` is where the keyword stands, null when the dictionary did not end. */
export type Declared = { dictionary: Buffer; at: number | null }

/** The longest dictionary that is read. */
const dictionaryBytesMax = 1024 * 1024

/**
 * What follows a place, as far as the longest dictionary goes, until the next is asked for. Asked for in ascending order, each byte
 * is read at most thrice.
 */
const createLookahead = (content: Content): ((from: number) => Buffer) => {
  const readWindow = openWindow(content, dictionaryBytesMax + content.windowBytes)
  let start = 0
  let loaded: Buffer = Buffer.alloc(0)
  return (from) => {
    const end = Math.min(from + dictionaryBytesMax, content.bytes)
    if (from < start || end > start + loaded.length) {
      start = from
      loaded = readWindow(from)
    }
    return loaded.subarray(from - start, end - start)
  }
}

/**
 * Every dictionary with a stream behind it, read forward from every `obj` in the file, within other objects too: a viewer that opens an object
 * reads from one of them, while the last one in front of a stream may stand in a string, a name or a comment. Ends with `too-much` when
 * reading them is work out of all proportion to the file.
 */
export function* listDeclared(content: Content): Generator<Declared | 'too-much'> {
  let workLeft = content.bytes * 8 + 16 * dictionaryBytesMax
  const readFrom = createLookahead(content)
  for (const at of listPlaces(content, objectKeyword)) {
    const window = readFrom(at + objectKeyword.length)
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
        if (isStream) yield { dictionary: window.subarray(open, close), at: at + objectKeyword.length + keywordAt }
      }
    }
    if (workLeft < 0) {
      yield 'too-much'
      return
    }
  }
}

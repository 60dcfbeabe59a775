import { openWindow, readContent, type Content } from './content.ts'

/** Numbers and words of a file by their place, as `Buffer` reads them. @throws RangeError when they lie outside of it. */
export type ContentFields = {
  readonly bytes: number
  uint8(at: number): number
  /** Big endian, as all of these. */
  uint32(at: number): number
  uint64(at: number): number
  latin1(start: number, end: number): string
}

const windowBytes = 16 * 1024

/** Holds the window that was read last: fields lie close together. */
export const openFields = (content: Content): ContentFields => {
  const readWindow = openWindow(content, windowBytes)
  let start = 0
  let window: Buffer = Buffer.alloc(0)
  /** A view of the field alone. */
  const load = (at: number, bytes: number): Buffer => {
    if (!Number.isSafeInteger(at) || at < 0 || at + bytes > content.bytes) throw new RangeError('a field lies outside of the file')
    if (at < start || at + bytes > start + window.length) {
      start = at
      window = readWindow(at)
    }
    return window.subarray(at - start, at - start + bytes)
  }
  return {
    bytes: content.bytes,
    uint8: (at) => load(at, 1).readUInt8(),
    uint32: (at) => load(at, 4).readUInt32BE(),
    uint64: (at) => Number(load(at, 8).readBigUInt64BE()),
    latin1: (from, to) => readContent(content, from, to).toString('latin1'),
  }
}

import { openWindow, type Content } from './content.ts'

/** Where `needle` stands, from `from` on, in ascending order and without overlaps. Reads window by window, and no further than asked for. */
export function* listPlaces(content: Content, needle: Buffer, from = 0, windowBytes = content.windowBytes): Generator<number> {
  const readWindow = openWindow(content, windowBytes + needle.length - 1)
  let next = from
  for (let start = from; start < content.bytes; start += windowBytes) {
    // What begins in this window ends in it.
    const window = readWindow(start)
    for (let at = window.indexOf(needle, Math.max(0, next - start)); at !== -1; at = window.indexOf(needle, next - start)) {
      next = start + at + needle.length
      yield start + at
    }
  }
}

import { isUtf8 } from 'node:buffer'
import type { RefusalReason } from '../../domain/attachment.ts'
import { openWindow, type Content } from './content.ts'

/** Control characters that texts do not have: all but tab, line feed, form feed and carriage return. */
const control = /[\0-\x08\x0b\x0e-\x1f\x7f]/ // eslint-disable-line no-control-regex

/** Whether it is text that every client can show: UTF-8, with or without byte order mark, and no control characters. */
export const inspectText = (content: Content): RefusalReason | null => {
  const readWindow = openWindow(content, Math.max(content.windowBytes, characterBytesMax))
  for (let at = 0; at < content.bytes;) {
    const window = readWindow(at)
    const isLast = at + window.length === content.bytes
    const whole = isLast ? window : window.subarray(0, window.length - countUnfinished(window))
    if (!isUtf8(whole) || control.test(whole.toString('latin1'))) return 'text-not-utf8'
    at += whole.length
  }
  return null
}

const characterBytesMax = 4

/** How many bytes at the end begin a character of UTF-8 that goes on behind it. */
const countUnfinished = (window: Buffer): number => {
  for (let back = 1; back < characterBytesMax; back += 1) {
    const byte = window[window.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < toCharacterBytes(byte) ? back : 0
  }
  return 0
}

/** By its first byte (RFC 3629, 3). */
const toCharacterBytes = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2)

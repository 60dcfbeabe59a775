import { isUtf8 } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RefusalReason } from '../../domain/attachment.ts'

/** Tab, line feed, form feed, carriage return: the control characters that texts have. */
const allowedControls = new Set([0x09, 0x0a, 0x0c, 0x0d])

const pieceBytes = 4 * 1024 * 1024

/** Whether it is text that every client can show: UTF-8, with or without byte order mark, and no control characters. */
export const inspectText = async (content: Buffer): Promise<RefusalReason | null> => {
  if (!isUtf8(content)) return 'text-not-utf8'
  for (let at = 0; at < content.length; at += pieceBytes) {
    if (content.subarray(at, at + pieceBytes).some(isControl)) return 'text-not-utf8'
    // Other work of the process goes on in between.
    await nextTurn()
  }
  return null
}

const isControl = (byte: number): boolean => (byte < 0x20 && !allowedControls.has(byte)) || byte === 0x7f

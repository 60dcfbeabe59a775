import { isUtf8 } from 'node:buffer'
import type { RefusalReason } from '../../domain/attachment.ts'

/** Tab, line feed, form feed, carriage return: the control characters that texts have. */
const allowedControls = new Set([0x09, 0x0a, 0x0c, 0x0d])

/** Whether it is text that every client can show: UTF-8, with or without byte order mark, and no control characters. */
export const inspectText = (content: Buffer): RefusalReason | null => (!isUtf8(content) || content.some(isControl) ? 'text-not-utf8' : null)

const isControl = (byte: number): boolean => (byte < 0x20 && !allowedControls.has(byte)) || byte === 0x7f

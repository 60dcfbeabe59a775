import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { UserRole } from '../../domain/access.ts'

/**
 * What the client does with the file:
 * - `upload`: asks for a ticket, sends the bytes, says that they are complete
 * - `vanish`: sends the bytes and is never heard of again
 * - `never-send`: asks for a ticket and sends nothing
 * - `overwrite`: as `upload`, then sends other bytes to the same key with the same ticket
 */
export const journeys = ['upload', 'vanish', 'never-send', 'overwrite'] as const
export type Journey = (typeof journeys)[number]

/** A verdict is null when nobody looked at bytes: refused at the door, or never there. */
export type Outcome = {
  state: AttachmentState
  verdict: Verdict | null
  /** Why it is refused, as the uploader is told; null when it is not, or was before there were bytes. */
  reason: RefusalReason | null
}

export type CorpusFile = {
  /** The file name that the client sends, exactly. */
  name: string
  /** The type that the client declares, which need not be true. */
  contentType: string
  by: Extract<UserRole, 'teacher' | 'student' | 'guardian'>
  journey: Journey
  expected: Outcome
  /** How many bytes the client says it will send, where that is a lie. */
  declaredBytes?: number
  /** Text in the file's metadata, beside its coordinates, that no download may contain. */
  privateMark?: string
  /** The same bytes each time, except where a library puts in chance of its own. */
  make(): Promise<Buffer>
}

export const clean: Outcome = { state: 'clean', verdict: 'clean', reason: null }
export const quarantined: Outcome = { state: 'quarantined', verdict: 'infected', reason: null }
export const refusedAs = (reason: RefusalReason): Outcome => ({ state: 'refused', verdict: 'unscannable', reason })
/** Refused by the API before a byte was sent. */
export const turnedAway: Outcome = { state: 'refused', verdict: null, reason: null }
export const expired: Outcome = { state: 'expired', verdict: null, reason: null }

export const contentTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  txt: 'text/plain',
  csv: 'text/csv',
} as const

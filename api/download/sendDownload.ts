import type { Context } from 'hono'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { AttachmentRecord } from '../../db/queries/attachmentRow.ts'
import type { ByteRange } from '../../domain/ports.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { openFileName } from '../views/toAttachmentView.ts'
import { openDownload, type DownloadDecision, type DownloadDeps } from './openDownload.ts'
import { parseRange } from './parseRange.ts'
import { toDownloadHeaders, toETag, type DownloadFile } from './toDownloadHeaders.ts'

/** Only a clean file has bytes to give (law 4). */
const requireClean = (attachment: AttachmentRecord): { bytes: number; contentType: string } => {
  const { state, cleanBytes, cleanContentType } = attachment
  if (state !== 'clean' || cleanBytes === null || cleanContentType === null) {
    throw new Refusal('state-conflict', 'This file cannot be opened: it is being checked, was removed or never arrived.')
  }
  return { bytes: cleanBytes, contentType: cleanContentType }
}

/** The range that is asked for; a range of another version of the file is a request for the whole of this one (RFC 9110, 13.1.5). */
const toAskedRange = (
  headers: { range: string | undefined; ifRange: string | undefined },
  file: DownloadFile,
): ByteRange | 'whole' | 'unsatisfiable' =>
  headers.ifRange !== undefined && headers.ifRange !== toETag(file.attachmentId) ? 'whole' : parseRange(headers.range, file.bytes)

/** What is sent of which attachment, and who decides over it. */
export type Sending = { districtId: string; attachment: AttachmentRecord; cipher: ColumnCipher; decision: DownloadDecision }

/**
 * Answers the bytes of a clean attachment, whole or one range, that the caller was allowed to know of.
 * @throws {Refusal} `state-conflict` for what is not clean, `range-not-satisfiable`, and the uniform 404 of the decision.
 */
export const sendDownload = async (deps: DownloadDeps, c: Context<ApiEnv>, { districtId, attachment, cipher, decision }: Sending) => {
  const { id } = attachment
  const file = { attachmentId: id, fileName: openFileName(cipher, attachment), ...requireClean(attachment) }
  const range = toAskedRange({ range: c.req.header('Range'), ifRange: c.req.header('If-Range') }, file)
  if (range === 'unsatisfiable') {
    c.header('Content-Range', `bytes */${file.bytes}`)
    throw new Refusal('range-not-satisfiable', 'The range lies outside the file.')
  }
  const { first, last } = range === 'whole' ? { first: 0, last: file.bytes - 1 } : range
  const headers = { ...toDownloadHeaders(file), 'Content-Length': String(last - first + 1) }
  // Headers give no bytes of the file away, so asking for them alone leaves no row.
  if (c.req.method === 'HEAD') return c.body(null, 200, { ...headers, 'Content-Length': String(file.bytes) })
  const tear = (fault: unknown): void => {
    c.get('log').info({ requestId: c.get('requestId'), attachmentId: id, fault: toLoggableFault(fault) }, 'download cut')
    c.env.outgoing.destroy()
  }
  const body = await openDownload(deps, districtId, decision, { first, last }, tear)
  return range === 'whole'
    ? c.body(body, 200, headers)
    : c.body(body, 206, { ...headers, 'Content-Range': `bytes ${first}-${last}/${file.bytes}` })
}

import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import type { AttachmentRecord } from '../../db/queries/attachmentRow.ts'
import type { ByteRange } from '../../domain/ports.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { openDownload } from '../download/openDownload.ts'
import { parseRange } from '../download/parseRange.ts'
import { toDownloadHeaders, toETag, type DownloadFile } from '../download/toDownloadHeaders.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, hiddenProblem, rangeProblem } from '../schemas/problemSchema.ts'
import { openFileName } from '../views/toAttachmentView.ts'
import { requireAttachment } from '../views/loadAttachment.ts'

const binary = { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } }

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

/** The download. There is no other way to the bytes: no signed address is ever given out. */
export const downloadAttachmentRoute = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'keys' | 'clean' | 'pace'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/attachments/{id}/content',
      operationId: 'downloadAttachment',
      summary: 'The bytes of a clean file, whole or one range',
      tags: ['attachments'],
      request: { params: idParams },
      responses: {
        200: { description: 'The file, as an attachment', content: binary },
        206: { description: 'The range that was asked for', content: binary },
        ...hiddenProblem,
        ...conflictProblem,
        ...rangeProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const attachment = await readDistrict(deps.app, actor.districtId, (tx) => requireAttachment(tx, actor, id, 'attachment.download'))
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
      const body = await openDownload(deps, actor, id, { first, last }, tear)
      return range === 'whole'
        ? c.body(body, 200, headers)
        : c.body(body, 206, { ...headers, 'Content-Range': `bytes ${first}-${last}/${file.bytes}` })
    },
  )

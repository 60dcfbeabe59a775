import { Readable } from 'node:stream'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import type { RosterSyncRecord } from '../../db/queries/rosterSyncRow.ts'
import type { ObjectBody } from '../../domain/ports.ts'
import { Refusal } from '../../domain/refusal.ts'
import { feedUpload } from '../../domain/roster/uploads.ts'
import { actForDistrict, toAuditActor } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { toReportHeaders } from '../download/toDownloadHeaders.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { ofDistrictParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { requireRosterSync } from '../views/toRosterSyncView.ts'

/** What is written of a feed, and where. */
const reports = {
  rejects: { key: (sync: RosterSyncRecord) => sync.rejectsKey, absence: 'Nothing of this feed was rejected, or it was not read yet.' },
  changes: {
    key: (sync: RosterSyncRecord) => sync.changesKey,
    absence: 'Only a dry run that has ended has a list of what it would change.',
  },
} as const
type Report = keyof typeof reports

const toReportRoute = <Path extends string>(path: Path, operationId: string, summary: string) =>
  createRoute({
    method: 'get',
    path,
    operationId,
    summary,
    tags: ['roster'],
    ...takesDistrictCaller({ scope: 'roster.read' }),
    request: { params: ofDistrictParams },
    responses: {
      200: { description: 'CSV, as an attachment', content: { 'text/csv': { schema: z.string() } } },
      ...forbiddenProblem,
      ...hiddenProblem,
      ...conflictProblem,
      ...commonProblems,
    },
  })

const rejectsRoute = toReportRoute(
  '/districts/{districtId}/roster-syncs/{id}/rejects',
  'downloadRejects',
  'What was not taken: file, line, column, code, reason, and the ids at fault',
)
const changesRoute = toReportRoute(
  '/districts/{districtId}/roster-syncs/{id}/changes',
  'downloadChanges',
  'What a dry run would have changed, row by row',
)

/** Decides, writes down who reads it, and streams it: the row is committed before the first byte (law 11). */
const openReport = async (deps: Pick<ApiDeps, 'app' | 'roster'>, c: Context<ApiEnv>, syncId: string, report: Report) => {
  const { key: keyOf, absence } = reports[report]
  const isLookOnly = c.req.method === 'HEAD'
  const key = await actForDistrict(deps.app, c, async (tx) => {
    const found = keyOf(await requireRosterSync(tx, syncId))
    if (found === null) throw new Refusal('state-conflict', absence)
    if (!isLookOnly) {
      await recordAudit(tx, {
        actor: toAuditActor(c.get('caller')),
        action: 'roster-report.download',
        target: { kind: 'roster-sync', id: syncId },
        details: { report },
      })
    }
    return found
  })
  const headers = toReportHeaders(`${report}-${syncId}.csv`)
  if (isLookOnly) return { headers, body: null }
  const body = await readReport(deps, key)
  return { headers: { ...headers, 'Content-Length': String(body.bytes) }, body: Readable.toWeb(body) as ReadableStream<Uint8Array> }
}

/** What is older than 90 days is gone from the store, though the sync is still listed. */
const readReport = async ({ roster }: Pick<ApiDeps, 'roster'>, key: string): Promise<ObjectBody> => {
  try {
    return await roster.read(key)
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey')
      throw new Refusal('state-conflict', `Reports are kept for ${feedUpload.keptDays} days.`)
    throw error
  }
}

/** Reports on feeds. They hold ids of the district's own and no other value of a line. */
export const rosterReportRoutes = (deps: Pick<ApiDeps, 'app' | 'roster'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(rejectsRoute, async (c) => {
      const { headers, body } = await openReport(deps, c, c.req.valid('param').id, 'rejects')
      return body === null ? c.body(null, 200, headers) : c.body(body, 200, headers)
    })
    .openapi(changesRoute, async (c) => {
      const { headers, body } = await openReport(deps, c, c.req.valid('param').id, 'changes')
      return body === null ? c.body(null, 200, headers) : c.body(body, 200, headers)
    })

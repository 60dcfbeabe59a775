import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { completeRosterSync } from '../../db/queries/completeRosterSync.ts'
import { createRosterSync } from '../../db/queries/createRosterSync.ts'
import type { RosterSyncRecord } from '../../db/queries/rosterSyncRow.ts'
import { feedUpload } from '../../domain/roster/uploads.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toSyncStart } from '../../workflows/contract.ts'
import { actForDistrict, readForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { readMoment } from '../readMoment.ts'
import { runOnceForDistrict } from '../runOnce.ts'
import { idempotencyHeaders } from '../schemas/idempotencySchema.ts'
import { districtParams, ofDistrictParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { createRosterSyncBody, createdRosterSyncSchema, rosterSyncSchema } from '../schemas/rosterSyncSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'
import { requireRosterSync, toRosterSyncView } from '../views/toRosterSyncView.ts'

const addRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/roster-syncs',
  operationId: 'createRosterSync',
  summary: 'Get a ticket to upload a feed',
  description: `A OneRoster zip, bulk or delta, of at most ${feedUpload.bytesMax / 1024 ** 2} MiB packed. The upload must begin within ${feedUpload.ticketSeconds / 60} minutes.`,
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.write' }),
  request: {
    params: districtParams,
    headers: idempotencyHeaders,
    body: { required: true, content: { 'application/json': { schema: createRosterSyncBody } } },
  },
  responses: {
    201: {
      description: 'The sync, waiting for its feed, and where to send it',
      content: { 'application/json': { schema: createdRosterSyncSchema } },
    },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const completeRoute = createRoute({
  method: 'post',
  path: '/districts/{districtId}/roster-syncs/{id}/complete',
  operationId: 'completeRosterSync',
  summary: 'Say that the feed is there; the sync takes its place in the queue',
  description: 'Saying it twice is saying it once. A feed that is there although nobody said so is found within minutes.',
  tags: ['roster'],
  ...takesDistrictCaller({ scope: 'roster.write' }),
  request: { params: ofDistrictParams },
  responses: {
    202: { description: 'Queued, or already past it', content: { 'application/json': { schema: rosterSyncSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...commonProblems,
  },
})

/** Valid until the time its row names: a repeated request gets another signature, never more time. */
const signFeedUpload = async ({ rosterSigner }: Pick<ApiDeps, 'rosterSigner'>, { state, objectKey, ticketExpiresAt }: RosterSyncRecord) => {
  const expiresInSeconds = Math.ceil(((ticketExpiresAt?.getTime() ?? 0) - Date.now()) / 1_000)
  if (state !== 'awaiting-upload' || expiresInSeconds <= 0) {
    throw new Refusal('state-conflict', 'This feed was uploaded already, or its ticket ended. Ask for a new one.')
  }
  const { contentType, bytesMax } = feedUpload
  const ticket = await rosterSigner.signUpload({ key: objectKey, contentType, bytesMax, expiresInSeconds })
  return { url: ticket.url, fields: ticket.fields, expiresAt: ticket.expiresAt.toISOString() }
}

/** A feed on its way here: the bytes go straight to the store, never through here. */
export const sendRosterSyncRoutes = (deps: Pick<ApiDeps, 'app' | 'districtKeys' | 'rosterSigner' | 'taskQueues' | 'startWorkflow'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(addRoute, async (c) => {
      const caller = c.get('caller')
      const { districtId } = c.req.valid('param')
      const body = c.req.valid('json')
      const key = c.req.valid('header')['Idempotency-Key']
      const author = { kind: caller.kind, id: toCallerId(caller) }
      const exportedAt = body.exportedAt === undefined ? null : readMoment('/exportedAt', body.exportedAt)
      const syncId = await runOnceForDistrict(deps, c, { key, body, kind: 'roster-sync' }, async (tx) => {
        const made = await createRosterSync(tx, { isDryRun: body.isDryRun, exportedAt, author, by: toAuditActor(caller) })
        if (made === null) throw new Refusal('state-conflict', `At most ${feedUpload.openMax} feeds may be under way. Wait for one to end.`)
        return made
      })
      const sync = await readForDistrict(deps.app, c, (tx) => requireRosterSync(tx, syncId))
      const upload = await signFeedUpload(deps, sync)
      return c.json({ sync: toRosterSyncView(sync), upload }, 201, { Location: `/v1/districts/${districtId}/roster-syncs/${syncId}` })
    })
    .openapi(completeRoute, async (c) => {
      const { districtId, id: syncId } = c.req.valid('param')
      const by = toAuditActor(c.get('caller'))
      const startFor = toSyncStart(deps.taskQueues.roster)
      const { start, sync } = await actForDistrict(deps.app, c, async (tx) => ({
        start: await completeRosterSync(tx, { syncId, by, startFor }),
        sync: await requireRosterSync(tx, syncId),
      }))
      if (start !== null) await deps.startWorkflow(start, { districtId, syncId })
      else if (sync.state === 'expired') throw new Refusal('state-conflict', 'The ticket of this feed ended. Ask for a new one.')
      return c.json(toRosterSyncView(sync), 202)
    })

import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { listFeatureSwitches, listSchools, type FeatureSwitchRecord } from '../../db/queries/listFeatureSwitches.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { lacksTerms } from '../../db/queries/lacksTerms.ts'
import { findUnknownSchools, switchFeature } from '../../db/queries/switchFeature.ts'
import { features, type Feature } from '../../domain/features.ts'
import { actForDistrict, readForDistrict, toAuditActor, toCallerId } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { InvalidInput, refuseInvalidInput } from '../invalidInput.ts'
import { parseBefore } from '../parseBefore.ts'
import { toPage } from '../toPage.ts'
import { Refusal } from '../../domain/refusal.ts'
import { featureHistorySchema, featureListSchema, featureParams, featureSchema, switchFeatureBody } from '../schemas/featureSchema.ts'
import { districtParams } from '../schemas/idSchema.ts'
import { pageQuery } from '../schemas/pageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, queryProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

/** What reaches children is for a person to switch on. */
const peopleOnly = { scope: null }

const listRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/features',
  operationId: 'listFeatures',
  summary: 'What the district has switched on, where, since when and by whom',
  tags: ['features'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: districtParams },
  responses: {
    200: {
      description: 'Every feature, and the schools that can be named',
      content: { 'application/json': { schema: featureListSchema } },
    },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const switchRoute = createRoute({
  method: 'put',
  path: '/districts/{districtId}/features/{feature}',
  operationId: 'switchFeature',
  summary: 'Say where a feature is on, and so where it is off, at once',
  description:
    'Whatever is off answers as if it did not exist. Switching it on again brings back what was there. Messaging and announcements are switched on after the district has published terms of use.',
  tags: ['features'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: featureParams, body: { required: true, content: { 'application/json': { schema: switchFeatureBody } } } },
  responses: {
    200: { description: 'Where it is on now', content: { 'application/json': { schema: featureSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

const historyRoute = createRoute({
  method: 'get',
  path: '/districts/{districtId}/features/{feature}/switches',
  operationId: 'listFeatureSwitches',
  summary: 'Who switched a feature on and off, where and when, newest first',
  tags: ['features'],
  ...takesDistrictCaller(peopleOnly),
  request: { params: featureParams, query: pageQuery },
  responses: {
    200: { description: 'A page of switches', content: { 'application/json': { schema: featureHistorySchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...queryProblem,
    ...commonProblems,
  },
})

const toSwitchView = (one: FeatureSwitchRecord) => ({
  ...one,
  switchedOnAt: one.switchedOnAt.toISOString(),
  switchedOffAt: one.switchedOffAt?.toISOString() ?? null,
})

const toFeatureView = (feature: Feature, on: readonly FeatureSwitchRecord[]) => {
  const switches = on.filter((one) => one.feature === feature)
  return {
    feature,
    everywhere: switches.some(({ schoolId }) => schoolId === null),
    schoolIds: switches.flatMap(({ schoolId }) => (schoolId === null ? [] : [schoolId])),
    switches: switches.map(toSwitchView),
  }
}

/** What a district has switched on: its administrators roll a feature out school by school, and back. */
export const featureRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const found = await readForDistrict(deps.app, c, async (tx) => ({
        on: await listFeatureSwitches(tx, 'on'),
        schools: await listSchools(tx),
      }))
      return c.json({ items: features.map((feature) => toFeatureView(feature, found.on)), schools: found.schools }, 200)
    })
    .openapi(switchRoute, async (c) => {
      const { feature } = c.req.valid('param')
      const { everywhere, reason, schoolIds, grades } = c.req.valid('json')
      if (grades !== undefined && feature !== 'guardians-read-along')
        throw new InvalidInput([
          {
            in: 'body',
            pointer: '/grades',
            code: 'not-of-this-feature',
            message: 'Grades are named for guardians-read-along alone. Leave them out.',
          },
        ])
      const caller = c.get('caller')
      const on = await actForDistrict(deps.app, c, async (tx) => {
        const [unknown] = await findUnknownSchools(tx, schoolIds)
        if (unknown !== undefined)
          throw new InvalidInput([
            {
              in: 'body',
              pointer: `/schoolIds/${schoolIds.indexOf(unknown)}`,
              code: 'unknown-school',
              message: 'Name active schools of the district: GET …/features lists them.',
            },
          ])
        const scope = { feature, everywhere, schoolIds: [...new Set(schoolIds)], grades, byId: toCallerId(caller) }
        if (await lacksTerms(tx, scope))
          throw new Refusal('terms-not-published', `Publish terms of use first, with POST /v1/districts/${tx.districtId}/terms-of-use.`)
        await switchFeature(tx, scope)
        await recordAudit(tx, {
          actor: toAuditActor(caller),
          action: 'feature.switch',
          target: { kind: 'feature', id: feature },
          reason,
          details: { everywhere, schoolIds: schoolIds.join(), grades: grades?.join() ?? null },
        })
        return listFeatureSwitches(tx, 'on')
      })
      return c.json(toFeatureView(feature, on), 200)
    })
    .openapi(historyRoute, async (c) => {
      const { feature } = c.req.valid('param')
      const { cursor, limit } = c.req.valid('query')
      const before = parseBefore(cursor)
      const found = await readForDistrict(deps.app, c, (tx) => listFeatureSwitches(tx, { feature, before, limit: limit + 1 }))
      const { items, nextCursor } = toPage(found, limit, (last) => ({ before: last.id }))
      return c.json({ items: items.map(toSwitchView), nextCursor }, 200)
    })

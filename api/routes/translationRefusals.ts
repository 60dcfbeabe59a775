import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { findPeople, getPerson } from '../../db/queries/findPeople.ts'
import { listChildTranslations, refuseTranslations, takeBackRefusal } from '../../db/queries/refuseTranslations.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { personSchema } from '../schemas/channelSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, hiddenProblem } from '../schemas/problemSchema.ts'

const childSchema = z
  .object({
    student: personSchema,
    isRefusedByMe: z.boolean(),
    isRefusedByOthers: z
      .boolean()
      .openapi({ description: 'Another guardian refuses them, and nobody else takes that back while they are one' }),
  })
  .openapi('ChildTranslations')

const listRoute = createRoute({
  method: 'get',
  path: '/me/children/translations',
  operationId: 'listChildTranslations',
  summary: 'As a guardian: whether translations are refused for my children',
  tags: ['translations'],
  responses: {
    200: {
      description: 'My children by the roster today; none for whoever is no guardian',
      content: { 'application/json': { schema: z.object({ items: z.array(childSchema) }).openapi('ChildTranslationsList') } },
    },
    ...commonProblems,
  },
})

const problems = { ...hiddenProblem, ...commonProblems }

const refuseRoute = createRoute({
  method: 'put',
  path: '/students/{id}/translation-refusal',
  operationId: 'refuseTranslations',
  summary: 'As a guardian: refuse translations for my child',
  description:
    'Nothing that is written in conversations with the child, or about them, goes to the translator from now on, my own conversations included, and nobody is shown what was translated before. What is said to a whole section is not about the child, and is translated.',
  tags: ['translations'],
  request: { params: idParams },
  responses: { 204: { description: 'They are refused' }, ...problems },
})

const takeBackRoute = createRoute({
  method: 'delete',
  path: '/students/{id}/translation-refusal',
  operationId: 'takeBackTranslationRefusal',
  summary: 'As a guardian: refuse them no longer',
  description: 'Mine, and those of people who are guardians of the child no more. What another guardian refuses stays refused.',
  tags: ['translations'],
  request: { params: idParams },
  responses: { 204: { description: 'I do not refuse them' }, ...problems },
})

/** A guardian decides whether what is written with their child, or about them, may be translated. */
export const translationRefusalRoutes = (deps: Pick<ApiDeps, 'app'>) => {
  const change = async (
    actor: Actor,
    studentId: string,
    act: (tx: DistrictTransaction, ref: { studentId: string; guardianId: string }) => Promise<boolean>,
  ): Promise<void> => {
    if (!(await actAs(deps.app, actor, (tx) => act(tx, { studentId, guardianId: actor.userId })))) throw hidden()
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(listRoute, async (c) => {
      const { districtId, userId } = c.get('actor')
      const items = await readDistrict(deps.app, districtId, async (tx) => {
        const children = await listChildTranslations(tx, userId)
        const people = await findPeople(
          tx,
          children.map(({ studentId }) => studentId),
        )
        return children.map(({ studentId, ...refused }) => ({ student: getPerson(people, studentId), ...refused }))
      })
      return c.json({ items }, 200)
    })
    .openapi(refuseRoute, async (c) => {
      await change(c.get('actor'), c.req.valid('param').id, refuseTranslations)
      return c.body(null, 204)
    })
    .openapi(takeBackRoute, async (c) => {
      await change(c.get('actor'), c.req.valid('param').id, takeBackRefusal)
      return c.body(null, 204)
    })
}

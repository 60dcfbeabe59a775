import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { findLanguages } from '../../db/queries/findLanguages.ts'
import { setLanguage } from '../../db/queries/setLanguage.ts'
import { findPeople } from '../../db/queries/findPeople.ts'
import { toLanguageTag } from '../../domain/toLanguageTag.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { personSchema } from '../schemas/channelSchema.ts'
import { idSchema } from '../schemas/idSchema.ts'
import { commonProblems, inputProblems } from '../schemas/problemSchema.ts'

const meSchema = z
  .object({
    ...personSchema.shape,
    districtId: idSchema,
    preferredLanguage: z
      .string()
      .openapi({ description: 'In which I am written to: my own setting, else what the roster says of me, else the district’s' }),
    languages: z
      .object({ own: z.string().nullable(), roster: z.string().nullable(), district: z.string() })
      .openapi({ description: 'From which it follows; null where nothing is said' }),
    permissions: z.array(z.string()),
  })
  .openapi('Me')

/** A tag of BCP 47, in the form in which all write it. */
const languageTag = z
  .string()
  .max(35)
  .refine((tag) => toLanguageTag(tag) !== null, { error: 'Use a language tag such as en or es-MX.' })
  .openapi({ example: 'es-MX' })

const setLanguageBody = z.strictObject({ language: languageTag.nullable() }).openapi('SetLanguage')

const getRoute = createRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  summary: 'Who I am',
  tags: ['me'],
  responses: {
    200: { description: 'The person behind the session', content: { 'application/json': { schema: meSchema } } },
    ...commonProblems,
  },
})

const setLanguageRoute = createRoute({
  method: 'put',
  path: '/me/language',
  operationId: 'setLanguage',
  summary: 'Say in which language I want to be written to',
  description:
    'Notifications come in it where Hallpass has words of it, in English otherwise. Null takes back what I said: then the roster says it, or the district.',
  tags: ['me'],
  request: { body: { required: true, content: { 'application/json': { schema: setLanguageBody } } } },
  responses: { 204: { description: 'It is kept' }, ...inputProblems, ...commonProblems },
})

/** Who the session belongs to, and how they want to be written to. */
export const meRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(getRoute, async (c) => {
      const { districtId, userId, permissions, preferredLanguage } = c.get('actor')
      const { me, languages } = await readDistrict(deps.app, districtId, async (tx) => ({
        me: (await findPeople(tx, [userId])).get(userId),
        languages: await findLanguages(tx, userId),
      }))
      if (me === undefined || languages === null) throw hidden()
      return c.json({ ...me, districtId, preferredLanguage, languages, permissions }, 200)
    })
    .openapi(setLanguageRoute, async (c) => {
      const actor = c.get('actor')
      const { language: said } = c.req.valid('json')
      const language = said === null ? null : (toLanguageTag(said) ?? actor.preferredLanguage)
      await actAs(deps.app, actor, (tx) => setLanguage(tx, { userId: actor.userId, language }))
      return c.body(null, 204)
    })

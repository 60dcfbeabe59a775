import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { findTranslationUsage } from '../../db/queries/findTranslationUsage.ts'
import { findDistrictSettings } from '../../db/setDistrict.ts'
import { toTimeOfDay } from '../../domain/notices/quietHours.ts'
import { formalities } from '../../domain/translation/translationState.ts'
import { readForDistrict } from '../actForDistrict.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { districtParams } from '../schemas/idSchema.ts'
import { commonProblems, forbiddenProblem, hiddenProblem } from '../schemas/problemSchema.ts'
import { takesDistrictCaller } from '../takesDistrictCaller.ts'

const settingsSchema = z
  .object({
    timeZone: z.string().openapi({ example: 'America/Chicago' }),
    brake: z
      .object({ percent: z.int(), rows: z.int() })
      .openapi({ description: 'A feed that would remove more than both only suspends it, until you decide' }),
    custody: z
      .object({ column: z.string(), permitted: z.array(z.string()), denied: z.array(z.string()) })
      .nullable()
      .openapi({
        description: 'Which column of the feed tells of custody, and by which words; null: nothing does, so no guardian is written to',
      }),
    languageColumn: z.string().nullable().openapi({
      description: 'Which column of the feed tells in which language people are; null: nothing does',
      example: 'metadata.homeLanguage',
    }),
    quietHours: z
      .object({ from: z.string(), until: z.string() })
      .openapi({ description: 'When nobody is notified who has not said otherwise; twice the same time is never' }),
    language: z.string().openapi({
      description: 'Of whoever has not said in which they want to be written to, and of whom the roster does not say it',
      example: 'en',
    }),
    translation: z
      .object({
        budget: z.int().nullable().openapi({ description: 'Characters that may be translated in a month; null for as many as there are' }),
        usedThisMonth: z.int().openapi({ description: 'Characters that were, since the first of the month in the district’s time zone' }),
        formality: z.enum(formalities).nullable(),
        isProfanityMasked: z.boolean(),
      })
      .openapi({ description: 'Where translations are switched on, see …/features' }),
  })
  .openapi('DistrictSettings')

/** What a district has agreed with us, for its administrators to see. Our staff set it, on the district’s word (`npm run district -- set`). */
export const districtSettingsRoute = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/districts/{districtId}/settings',
      operationId: 'getDistrictSettings',
      summary: 'What is set for the district, and how much of its budget for translations is used',
      description: 'Hallpass sets it on the district’s word; each change is in the audit log.',
      tags: ['features'],
      ...takesDistrictCaller({ scope: null }),
      request: { params: districtParams },
      responses: {
        200: { description: 'The settings', content: { 'application/json': { schema: settingsSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...commonProblems,
      },
    }),
    async (c) => {
      const view = await readForDistrict(deps.app, c, async (tx) => {
        const settings = await findDistrictSettings(tx)
        if (settings === null) throw hidden()
        const { quietHours, custody, translation, ...rest } = settings
        return {
          ...rest,
          custody: custody && { column: custody.column, permitted: [...custody.permitted], denied: [...custody.denied] },
          quietHours: { from: toTimeOfDay(quietHours.from), until: toTimeOfDay(quietHours.until) },
          translation: { ...translation, usedThisMonth: await findTranslationUsage(tx) },
        }
      })
      return c.json(view, 200)
    },
  )

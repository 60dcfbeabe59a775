import { z } from '@hono/zod-openapi'
import { features } from '../../domain/features.ts'
import { grades } from '../../domain/roster/grades.ts'
import { districtParams, idSchema, timeSchema } from './idSchema.ts'
import { toPageSchema } from './pageSchema.ts'
import { reasonSchema } from './reasonSchema.ts'

export const featureParams = districtParams.extend({ feature: z.enum(features).openapi({ param: { name: 'feature', in: 'path' } }) })

const gradeSchema = z.enum(grades).openapi({ description: 'As OneRoster codes the grades of a class', example: 'KG' })

/** Where a feature is to be on: nowhere else. */
export const switchFeatureBody = z
  .strictObject({
    everywhere: z.boolean().openapi({ description: 'In every school, those to come included' }),
    schoolIds: z.array(idSchema).max(5_000).openapi({ description: 'Schools where it is on when it is not on everywhere' }),
    grades: z.array(gradeSchema).min(1, { error: 'Name at least one grade, or leave them out.' }).optional().openapi({
      description:
        'Of guardians-read-along alone: in classes all of whose grades are among these, as the feed says. Left out: in every class',
    }),
    reason: reasonSchema.openapi({ description: 'Kept in the audit log', example: 'The pilot begins at Franklin Elementary' }),
  })
  .openapi('SwitchFeature')

export const featureSwitchSchema = z
  .object({
    id: idSchema,
    feature: z.enum(features),
    schoolId: idSchema.nullable().openapi({ description: 'Null: every school, those to come included' }),
    grades: z
      .array(gradeSchema)
      .nullable()
      .openapi({ description: 'In classes all of whose grades are among these; null: in every class' }),
    switchedOnAt: timeSchema,
    switchedOnBy: idSchema.nullable().openapi({ description: 'Null: by our staff, who stand in the audit log' }),
    switchedOffAt: timeSchema.nullable().openapi({ description: 'Null while it is on' }),
    switchedOffBy: idSchema.nullable(),
  })
  .openapi('FeatureSwitch')

export const featureSchema = z
  .object({
    feature: z.enum(features),
    everywhere: z.boolean(),
    schoolIds: z.array(idSchema),
    switches: z.array(featureSwitchSchema).openapi({ description: 'What is on, since when and by whom' }),
  })
  .openapi('Feature')

export const featureListSchema = z
  .object({
    items: z.array(featureSchema),
    schools: z.array(z.object({ id: idSchema, name: z.string() })).openapi({ description: 'The schools that can be named' }),
  })
  .openapi('FeatureList')

export const featureHistorySchema = toPageSchema(featureSwitchSchema).openapi('FeatureHistory')

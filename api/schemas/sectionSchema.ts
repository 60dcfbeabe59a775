import { z } from '@hono/zod-openapi'
import { personSchema } from './channelSchema.ts'
import { idSchema } from './idSchema.ts'
import { toPageSchema } from './pageSchema.ts'

export const sectionSchema = z
  .object({
    id: idSchema,
    title: z.string(),
    schoolName: z.string(),
    isTeacher: z.boolean().openapi({ description: 'The roster has you teach it: you may announce there' }),
    isStudent: z.boolean(),
    children: z.array(personSchema).openapi({ description: 'Students of it whose guardian you are' }),
  })
  .openapi('Section')

export const sectionPageSchema = toPageSchema(sectionSchema).openapi('SectionPage')

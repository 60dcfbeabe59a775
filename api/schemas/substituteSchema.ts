import { z } from '@hono/zod-openapi'
import { connectionGraceDays } from '../../domain/roster/providerConnection.ts'
import { reasonTextSchema } from './auditSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'

const beginsSchema = z.iso.date().openapi({ example: '2026-10-05', description: 'In the district’s time zone' })
const endsSchema = z.iso.date().openapi({
  example: '2026-10-17',
  description: `Exclusive, in the district’s time zone. At most ${connectionGraceDays} days after the last term of the school year ends`,
})

export const substituteSchema = z
  .object({
    id: idSchema,
    userId: idSchema,
    sectionId: idSchema,
    authorId: idSchema.openapi({ description: 'Who appointed them' }),
    begins: beginsSchema,
    ends: endsSchema,
    endedAt: timeSchema.nullable().openapi({ description: 'When it was ended before its time' }),
    endedBy: idSchema.nullable().openapi({ description: 'Who ended it; null when they no longer work for the district' }),
  })
  .openapi('Substitute')
export type SubstituteView = z.infer<typeof substituteSchema>

export const appointSubstituteBody = z
  .strictObject({
    userId: idSchema.openapi({ description: 'Somebody of the district’s staff, and not whoever asks' }),
    sectionId: idSchema,
    begins: beginsSchema.optional().openapi({ description: 'Today when it is left out' }),
    ends: endsSchema,
    reason: reasonTextSchema,
  })
  .openapi('AppointSubstitute')

import { z } from '@hono/zod-openapi'
import { connectionGraceDays } from '../../domain/roster/providerConnection.ts'
import { idSchema, timeSchema } from './idSchema.ts'

const endsSchema = z.iso.date().openapi({
  example: '2027-06-30',
  description: `Exclusive, in the district’s time zone. At most ${connectionGraceDays} days after the last term of the school year ends`,
})

export const providerConnectionSchema = z
  .object({
    id: idSchema,
    providerId: idSchema,
    studentId: idSchema,
    authorId: idSchema.openapi({ description: 'Who made it' }),
    begins: z.iso.date(),
    ends: endsSchema,
    endedAt: timeSchema.nullable().openapi({ description: 'When somebody ended it before its time' }),
    endedBy: idSchema.nullable(),
  })
  .openapi('ProviderConnection')
export type ProviderConnectionView = z.infer<typeof providerConnectionSchema>

export const createProviderConnectionBody = z
  .strictObject({
    providerId: idSchema.openapi({ description: 'Somebody of the district’s staff: a counselor, an aide, a specialist, a teacher' }),
    studentId: idSchema,
    ends: endsSchema,
  })
  .openapi('CreateProviderConnection')

import { z } from '@hono/zod-openapi'
import { authorKinds } from '../../db/entities/RosterSync.ts'
import { apiClientLimits, apiScopes } from '../../domain/apiClients.ts'
import { idSchema, timeSchema } from './idSchema.ts'

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

const nameSchema = z
  .string()
  .trim()
  .min(1, { error: 'Give the machine a name.' })
  .max(apiClientLimits.nameCharactersMax)
  .refine((name) => name.isWellFormed() && !controls.test(name), { error: 'Remove control characters from the name.' })

const scopeSchema = z.enum(apiScopes)

export const apiClientSchema = z
  .object({
    id: idSchema.openapi({ description: 'The client_id of OAuth' }),
    name: z.string(),
    scopes: z.array(scopeSchema),
    author: z.object({ kind: z.enum(authorKinds), id: z.string() }).openapi({ description: 'Who made it' }),
    createdAt: timeSchema,
    rotatedAt: timeSchema.nullable(),
    previousUntil: timeSchema.nullable().openapi({ description: 'Until when the secret before the last rotation holds, or held' }),
    endedAt: timeSchema.nullable(),
  })
  .openapi('ApiClient')
export type ApiClientView = z.infer<typeof apiClientSchema>

export const createApiClientBody = z
  .strictObject({
    name: nameSchema.openapi({ description: 'The system that sends', example: 'Nightly export' }),
    scopes: z
      .array(scopeSchema)
      .min(1, { error: 'Name at least one scope.' })
      .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'Name each scope once.' }),
  })
  .openapi('CreateApiClient')

export const rotateApiClientBody = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(apiClientLimits.overlapSecondsMax)
      .default(apiClientLimits.overlapSecondsDefault)
      .openapi({ description: 'How long the secret of before still holds; 0 when it is known to others' }),
  })
  .openapi('RotateApiClient')

export const apiClientSecretSchema = z
  .object({ client: apiClientSchema, secret: z.string().openapi({ description: 'Shown now and never again' }) })
  .openapi('ApiClientSecret')

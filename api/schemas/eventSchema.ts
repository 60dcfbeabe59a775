import { z } from '@hono/zod-openapi'
import { eventKinds } from '../../domain/eventKinds.ts'
import { idSchema } from './idSchema.ts'

export const eventSchema = z
  .object({
    kind: z.enum(eventKinds),
    channelId: idSchema.nullable(),
    sectionId: idSchema.nullable(),
    subjectId: idSchema.nullable().openapi({
      description: 'The message, attachment, announcement or notice that changed; of a read mark, whose it is',
    }),
  })
  .openapi('Event', { description: 'That something changed, without any word of it: read it again' })
export type EventView = z.infer<typeof eventSchema>

export const changesSchema = z.object({ changes: z.array(eventSchema) }).openapi('Changes')

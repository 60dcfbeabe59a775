import { z } from '@hono/zod-openapi'
import { authorKinds } from '../../db/entities/RosterSync.ts'
import { eventActions, eventLimits, eventOutcomes, eventTypes } from '../../domain/roster/rosterEvents.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { toPageSchema } from './pageSchema.ts'

const typeSchema = z.enum(eventTypes).openapi({ description: 'As OneRoster names its collections' })
const occurredAtDescription = `How new it is: the newest source of a row wins. At most ${eventLimits.skewSeconds / 60} minutes ahead of us, which counts as now`

export const rosterEventBody = z
  .strictObject({
    id: idSchema.openapi({ description: 'Made by you. The same event sent again is answered as the first time, and done once' }),
    action: z
      .enum(eventActions)
      .openapi({ description: '`created` and `updated` are one: the record says what is. `deleted` needs an id and nothing more' }),
    type: typeSchema,
    occurredAt: timeSchema.openapi({ description: occurredAtDescription }),
    data: z
      .record(z.string(), z.unknown())
      .refine((record) => JSON.stringify(record).length <= eventLimits.recordCharactersMax, {
        error: `Send at most ${eventLimits.recordCharactersMax} characters.`,
      })
      .openapi({
        description:
          'The record, whole, as OneRoster 1.2 writes it in JSON (REST binding): what it does not list, of roles or agents, has ended. What Hallpass does not take is forgotten before anything is stored.',
        example: { sourcedId: 'e-1', class: { sourcedId: 's-7' }, user: { sourcedId: 'u-3' }, role: 'student' },
      }),
  })
  .openapi('SendRosterEvent')

export const rosterEventSchema = z
  .object({
    id: idSchema,
    action: z.enum(eventActions),
    type: typeSchema,
    sourcedId: z.string(),
    occurredAt: timeSchema.openapi({ description: 'As it counts' }),
    receivedAt: timeSchema,
    author: z.object({ kind: z.enum(authorKinds), id: z.string() }),
    outcome: z.enum(eventOutcomes).openapi({ description: '`unchanged`: the roster says so already. `stale`: a newer source had spoken' }),
    rosterVersion: z.int().nullable().openapi({ description: 'The version that it made; null when it changed nothing' }),
    endingCount: z.int().openapi({ description: 'Conversations, open or possible, that it ended' }),
  })
  .openapi('RosterEvent')
export type RosterEventView = z.infer<typeof rosterEventSchema>

export const rosterEventPageSchema = toPageSchema(rosterEventSchema).openapi('RosterEventPage')

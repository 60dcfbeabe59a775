import { z } from '@hono/zod-openapi'
import { pullModes, pullOutcomes } from '../../db/entities/RosterPull.ts'
import { authorKinds, removalStates, syncOrigins, syncStates } from '../../db/entities/RosterSync.ts'
import { rosterSubjects } from '../../domain/roster/subjects.ts'
import { personSchema } from './channelSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { toPageSchema } from './pageSchema.ts'

export const rosterSyncSchema = z
  .object({
    id: idSchema,
    origin: z.enum(syncOrigins),
    state: z.enum(syncStates).openapi({
      description:
        '`partly-applied`: the brake holds removals, see `removals`. `previewed`: the end of a dry run. `unreadable`: nothing was applied, see `fault`. ' +
        '`stale`: newer sources had spoken for all of it. `expired`: the feed never came. `failed`: a fault of ours.',
    }),
    isDryRun: z.boolean(),
    attempt: z.int(),
    author: z.object({ kind: z.enum(authorKinds), id: z.string() }),
    sourceAt: timeSchema.nullable().openapi({ description: 'How new what it says is. The newest source wins' }),
    createdAt: timeSchema,
    ticketExpiresAt: timeSchema.nullable(),
    queuedAt: timeSchema.nullable(),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    bytes: z.int().nullable(),
    feedVersion: z.string().nullable().openapi({ description: 'Of OneRoster', example: '1.2' }),
    rosterVersion: z.int().nullable().openapi({ description: 'The last version that it made; null when it changed nothing' }),
    rejectCount: z
      .int()
      .openapi({ description: 'Lines, or single references and languages on them, that were not taken: see `…/rejects`' }),
    endingCount: z.int().openapi({ description: 'Pairs of people it parted, or would have' }),
    fault: z
      .object({
        code: z.string(),
        mend: z.string(),
        file: z.string().nullable(),
        line: z.int().nullable(),
        column: z.int().nullable(),
      })
      .nullable(),
    removals: z
      .object({
        state: z.enum(removalStates),
        decidedAt: timeSchema.nullable(),
        decidedBy: idSchema.nullable(),
        escalatedAt: timeSchema.nullable(),
      })
      .nullable()
      .openapi({ description: 'What became of removals that the brake held: access has ended, everything else waits for the decision' }),
  })
  .openapi('RosterSync')
export type RosterSyncView = z.infer<typeof rosterSyncSchema>

const count = z.int()
const countsSchema = z
  .object({
    subject: z.enum(rosterSubjects),
    lines: count,
    taken: count,
    rejected: count,
    leftOut: count,
    added: count,
    changed: count,
    removed: count,
    suspended: count,
    restored: count,
    active: count.openapi({ description: 'How many there were before' }),
  })
  .openapi('RosterSyncCounts')

const lastSuccessSchema = z
  .object({ id: idSchema, sourceAt: timeSchema.nullable(), endedAt: timeSchema.nullable(), ageSeconds: z.int().nullable() })
  .openapi('RosterAge', { description: 'The newest sync that brought the roster up to date, and how old what it said is' })

const pullSchema = z
  .object({
    state: z.enum(['paused', 'pulling', 'waiting']),
    everyHours: z.int(),
    mode: z.enum(pullModes).nullable().openapi({ description: 'What the last attempt asked for' }),
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    outcome: z.enum(pullOutcomes).nullable().openapi({ description: '`queued`: the feed was fetched, and its sync goes on from there' }),
    fault: z.object({ code: z.string(), mend: z.string() }).nullable(),
    nextAt: timeSchema.nullable().openapi({ description: 'A time that has passed: within minutes, and once the last sync has ended' }),
  })
  .openapi('RosterPull', { description: 'How the roster is fetched from the system of the district; null when it is sent to us' })

/** How the roster of the district stands, whichever sync is looked at. */
const standingFields = { lastSuccess: lastSuccessSchema.nullable(), pull: pullSchema.nullable() }
const standingSchema = z.object(standingFields)
export type RosterStandingView = z.infer<typeof standingSchema>

export const rosterSyncDetailSchema = rosterSyncSchema
  .extend({ counts: z.array(countsSchema), ...standingFields })
  .openapi('RosterSyncDetail')
export type RosterSyncDetailView = z.infer<typeof rosterSyncDetailSchema>

export const rosterSyncPageSchema = toPageSchema(rosterSyncSchema).extend(standingFields).openapi('RosterSyncPage')

export const createRosterSyncBody = z
  .strictObject({
    isDryRun: z.boolean().default(false).openapi({ description: 'Finds what it would change, and changes nothing' }),
    exportedAt: timeSchema.optional().openapi({
      description:
        'When the feed was read from your system. What happened since then, and was sent as an event, stands. Without it: this moment',
    }),
  })
  .openapi('CreateRosterSync')

export const createdRosterSyncSchema = z
  .object({
    sync: rosterSyncSchema,
    upload: z
      .object({ url: z.string(), fields: z.record(z.string(), z.string()), expiresAt: timeSchema })
      .openapi({ description: 'A form to post the zip with: these fields first, then `file`' }),
  })
  .openapi('CreatedRosterSync')

const heldRemovalSchema = z
  .object({
    subject: z.enum(rosterSubjects),
    id: idSchema,
    person: personSchema.nullable(),
    student: personSchema.nullable().openapi({ description: 'Whose guardian the person is' }),
    section: z.object({ id: idSchema, title: z.string() }).nullable(),
    title: z.string().nullable().openapi({ description: 'Of a school, a term or a course' }),
  })
  .openapi('HeldRemoval')

export const heldRemovalPageSchema = toPageSchema(heldRemovalSchema).openapi('HeldRemovalPage')

export const removalDecisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'discard']).openapi({ description: '`discard`: everything is as it was before this sync' }),
    reason: z
      .string()
      .trim()
      .min(1, { error: 'Say why.' })
      .max(500)
      .refine((reason) => reason.isWellFormed() && !reason.includes('\u0000'), { error: 'The reason is not valid Unicode.' })
      .openapi({ description: 'Kept in the audit log', example: 'The export of last night had no high school' }),
  })
  .openapi('RemovalDecision')

import { z } from '@hono/zod-openapi'
import { rosterCauses } from '../../db/entities/RosterVersion.ts'
import { reachReasonCodes, type ReachReason } from '../../domain/roster/reachReasons.ts'
import { rosterReasonCodes, rosterSubjects } from '../../domain/roster/subjects.ts'
import { idSchema, timeSchema } from './idSchema.ts'

/** Who asks about themselves is not told what concerns somebody else: a custody, another’s removal. */
export const reserved = {
  reason: 'not-yours-to-know',
  sentence: 'it concerns a row of the roster that is not yours; the district’s administrators can see it',
} as const

const reasonSchema = z.enum([...(reachReasonCodes as [ReachReason, ...ReachReason[]]), reserved.reason])
const daySchema = z.iso.date().openapi({ example: '2026-09-01' })

const originSchema = z
  .object({
    version: z.int().openapi({ description: 'The version of the roster' }),
    at: timeSchema,
    cause: z.enum(rosterCauses),
    causeId: idSchema.nullable().openapi({ description: 'The sync, the event or the connection; null for the first roster' }),
    reason: z.enum(rosterReasonCodes as [string, ...string[]]).nullable(),
    file: z.string().nullable(),
    line: z.int().nullable().openapi({ description: 'Counted from 1, the header’s; null for what is in no line' }),
  })
  .openapi('RosterOrigin')
export type OriginView = z.infer<typeof originSchema>

const evidenceSchema = z
  .object({
    subject: z.enum(rosterSubjects),
    id: idSchema,
    sourcedId: z.string().nullable(),
    begins: daySchema.nullable(),
    ends: daySchema.nullable().openapi({ description: 'Exclusive' }),
    since: originSchema
      .nullable()
      .openapi({ description: 'What brought the row, or changed it last; null when nothing was written down of it' }),
    until: originSchema.nullable().openapi({ description: 'What ended the row, or changed it next' }),
  })
  .openapi('RosterEvidence')
export type EvidenceView = z.infer<typeof evidenceSchema>

export const explanationSchema = z
  .object({
    at: timeSchema,
    day: daySchema.openapi({ description: 'The day of that moment in the district’s time zone' }),
    rosterVersion: z.int().nullable(),
    mayConverse: z.boolean(),
    channels: z.array(
      z.object({ teacherId: idSchema, participantId: idSchema, studentId: idSchema, schoolYear: z.int().openapi({ example: 2027 }) }),
    ),
    because: z.array(evidenceSchema).openapi({ description: 'The rows that connect them; when none do, those that once did, or would' }),
    reasons: z.array(
      z.object({ reason: reasonSchema, sentence: z.string(), subject: z.enum(rosterSubjects).nullable(), id: idSchema.nullable() }),
    ),
    endedAt: timeSchema.nullable().openapi({ description: 'When it ended that they may converse, as far as that is known' }),
    endedBy: z
      .object({
        reason: reasonSchema,
        subject: z.enum(rosterSubjects).nullable(),
        id: idSchema.nullable(),
        origin: originSchema.nullable(),
      })
      .nullable()
      .openapi({ description: 'What ended it; `origin` is null when a day passed' }),
  })
  .openapi('AccessExplanation')
export type ExplanationView = z.infer<typeof explanationSchema>

export const explainQuery = z.strictObject({
  actor: idSchema,
  target: idSchema,
  student: idSchema.optional().openapi({ description: 'Only about this student' }),
  at: timeSchema.optional().openapi({ description: 'A past moment; now without it' }),
})

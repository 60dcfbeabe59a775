import { z } from '@hono/zod-openapi'
import { userRoles } from '../../domain/access.ts'
import { idSchema, timeSchema } from './idSchema.ts'

export const personSchema = z
  .object({ id: idSchema, role: z.enum(userRoles), givenName: z.string(), familyName: z.string() })
  .openapi('Person')

/** The conversation of one teacher with one student, or with a guardian about a student. */
export const channelSchema = z
  .object({
    id: idSchema,
    teacher: personSchema,
    participant: personSchema.openapi({ description: 'Who the teacher writes with: the student, or a guardian' }),
    student: personSchema.openapi({ description: 'Whom the conversation is about' }),
    schoolYear: z.int().openapi({ example: 2026 }),
    lastSeq: z.int().openapi({ description: 'Number of the newest message; 0 when there is none' }),
    lastMessageAt: timeSchema.nullable(),
  })
  .openapi('Channel')
export type ChannelView = z.infer<typeof channelSchema>

export const openChannelBody = z
  .strictObject({
    studentId: idSchema,
    guardianId: idSchema.optional().openapi({ description: 'Write with this guardian about the student; without it, with the student' }),
  })
  .openapi('OpenChannel')

/** Someone whom the teacher may write with now: the student, or a guardian whose custody is confirmed. */
export const contactSchema = z
  .object({
    participant: personSchema,
    student: personSchema.openapi({ description: 'About whom; the participant itself when it is the student' }),
  })
  .openapi('Contact')

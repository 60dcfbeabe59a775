import { z } from '@hono/zod-openapi'
import { userRoles } from '../../domain/access.ts'
import { postingStates } from '../../domain/posting.ts'
import { messageLimits } from '../../domain/uploadLimits.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { quietHours } from './noticeSchema.ts'

export const personSchema = z
  .object({ id: idSchema, role: z.enum(userRoles), givenName: z.string(), familyName: z.string() })
  .openapi('Person')

const placedQuietHours = z
  .object({ ...quietHours.shape, timeZone: z.string().openapi({ example: 'America/Denver' }) })
  .openapi('PlacedQuietHours', { description: 'Over midnight when it ends before it begins' })

const lastMessageSchema = z
  .object({
    id: idSchema,
    seq: z.int(),
    authorId: idSchema,
    preview: z.string().openapi({ description: `The first ${messageLimits.previewCharactersMax} characters` }),
    attachmentCount: z.int(),
    createdAt: timeSchema,
  })
  .openapi('LastMessage')

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
    posting: z.enum(postingStates).openapi({
      description: 'What the teacher lets happen: paused, only the teacher writes; closed, nobody does. Reading never depends on it.',
    }),
    standing: z
      .enum(['teacher', 'participant', 'reader'])
      .openapi({ description: 'What you are here. A reader reads along and never writes' }),
    unreadCount: z.int().openapi({
      description: `Messages of others that you have not read, counted up to ${messageLimits.unreadCountedMax}: show that as 99+`,
    }),
    readSeq: z.int().openapi({ description: 'Up to where you have read' }),
    participantReadSeq: z.int().nullable().openapi({ description: 'Up to where the participant has read; shown to the teacher alone' }),
    teacherQuietHours: placedQuietHours.nullable().openapi({
      description:
        'When the teacher is not notified of what you write, so that an answer may wait. null for the teacher, and where there are none',
    }),
    lastMessage: lastMessageSchema.nullable().openapi({ description: 'The newest message that you see' }),
  })
  .openapi('Channel')
export type ChannelView = z.infer<typeof channelSchema>

export const openChannelBody = z
  .strictObject({
    studentId: idSchema,
    guardianId: idSchema.optional().openapi({ description: 'Write with this guardian about the student; without it, with the student' }),
  })
  .openapi('OpenChannel')

/** Why nobody is there is for the school to say: a custody is nobody's to learn here. */
export const noGuardian = 'no-guardian-to-write-to' as const

export const guardianChannelsSchema = z
  .object({
    items: z.array(channelSchema),
    emptyBecause: z.enum([noGuardian]).nullable().openapi({
      description:
        'The roster names no guardian of the student whom you may write to here. The school office can say more. null when there are channels',
    }),
  })
  .openapi('GuardianChannels')

export const setPostingBody = z.strictObject({ posting: z.enum(postingStates) }).openapi('SetPosting')

export const markReadBody = z
  .strictObject({ seq: z.int().min(0).max(2_147_483_647).openapi({ description: 'Number of the last message that was read' }) })
  .openapi('MarkRead')

/** Someone whom the teacher may write with now: the student, or a guardian whose custody is confirmed. */
export const contactSchema = z
  .object({
    participant: personSchema,
    student: personSchema.openapi({ description: 'About whom; the participant itself when it is the student' }),
  })
  .openapi('Contact')

import { z } from '@hono/zod-openapi'
import { auditActs, auditHours, auditPurposes } from '../../domain/audit.ts'
import { personSchema } from './channelSchema.ts'
import { attachmentSchema } from './attachmentSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { pageQuery, toPageSchema } from './pageSchema.ts'
import { reasonSchema } from './reasonSchema.ts'
import { languageSchema, translationSchema } from './translationSchema.ts'

/** Why somebody does what only the district may. */
export const reasonTextSchema = reasonSchema.openapi({
  description: 'Kept in the audit log',
  example: 'The teacher is on leave until the end of October',
})

export const openAuditBody = z
  .strictObject({
    reason: reasonTextSchema.openapi({
      description: 'Kept with the audit and in the audit log',
      example: 'A parent reported threats on 3 May',
    }),
    purpose: z.enum(auditPurposes).default('investigation').openapi({
      description: 'Where the district shows audits to teachers, they are shown it afterwards; of an investigation they are shown nothing',
    }),
  })
  .openapi('OpenAudit')

export const auditSchema = z
  .object({
    id: idSchema,
    auditor: personSchema,
    reason: z.string(),
    purpose: z.enum(auditPurposes),
    openedAt: timeSchema,
    endsAt: timeSchema.openapi({ description: `Nothing is read under it from then on: ${auditHours} hours after it was opened` }),
    viewCount: z.int().openapi({ description: 'How often its auditor looked: see `…/views`' }),
  })
  .openapi('Audit')
export type AuditView = z.infer<typeof auditSchema>

export const auditPageSchema = toPageSchema(auditSchema).openapi('AuditPage')

/** An audit as the teacher of a conversation is shown it. */
export const channelAuditPageSchema = toPageSchema(
  z
    .object({
      purpose: z.enum(auditPurposes),
      readAt: timeSchema.openapi({ description: 'When the conversation was first read under it' }),
    })
    .openapi('ChannelAudit'),
).openapi('ChannelAuditPage')

export const auditLookPageSchema = toPageSchema(
  z
    .object({
      id: idSchema,
      act: z.enum(auditActs),
      channelId: idSchema.nullable(),
      attachmentId: idSchema.nullable(),
      announcementId: idSchema.nullable(),
      filters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).openapi({ description: 'What was asked for' }),
      itemCount: z.int().openapi({ description: 'How many conversations were found, or messages shown' }),
      at: timeSchema,
    })
    .openapi('AuditLook'),
).openapi('AuditLookPage')

export const yesOrNo = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .optional()

export const instant = z.iso.datetime({ offset: true }).optional()

/** All that is given must hold. */
export const channelSearchQuery = pageQuery
  .extend({
    personId: idSchema.optional().openapi({ description: 'Teacher, student or guardian of it' }),
    sectionId: idSchema.optional().openapi({ description: 'Whose teacher and student were ever in this section together' }),
    schoolId: idSchema.optional().openapi({ description: 'Whose teacher ever taught a section of this school' }),
    from: instant.openapi({ description: 'With a message at or after this moment' }),
    until: instant.openapi({ description: 'With a message before this moment' }),
    hasAttachment: yesOrNo,
    hasHidden: yesOrNo.openapi({ description: 'With a message that was hidden or withdrawn' }),
    hasNudged: yesOrNo.openapi({ description: 'With a message that its author was asked about, and posted all the same' }),
    hasReported: yesOrNo.openapi({ description: 'With a message or file that was reported, or raised a concern; not one of your own' }),
  })
  .strict()

export const auditedChannelSchema = z
  .object({
    id: idSchema,
    teacher: personSchema,
    participant: personSchema,
    student: personSchema,
    schoolYear: z.int(),
    lastSeq: z.int(),
    lastMessageAt: timeSchema.nullable(),
  })
  .openapi('AuditedChannel')
export type AuditedChannelView = z.infer<typeof auditedChannelSchema>

export const auditedChannelPageSchema = toPageSchema(auditedChannelSchema).openapi('AuditedChannelPage')

export const auditedMessageSchema = z
  .object({
    id: idSchema,
    channelId: idSchema,
    seq: z.int(),
    authorId: idSchema,
    language: languageSchema,
    text: z.string(),
    translations: z.array(translationSchema).openapi({ description: 'All that there are of it' }),
    createdAt: timeSchema,
    hiddenAt: timeSchema.nullable(),
    hiddenBy: idSchema.nullable(),
    withdrawnAt: timeSchema.nullable(),
    withdrawnAfterReaders: z.int().nullable(),
    attachments: z.array(attachmentSchema),
  })
  .openapi('AuditedMessage')
export type AuditedMessageView = z.infer<typeof auditedMessageSchema>

/** Oldest first within the page. Without `before` and `after`: the newest messages. */
export const auditedMessagePageSchema = z
  .object({ items: z.array(auditedMessageSchema), before: z.string().nullable(), after: z.string() })
  .openapi('AuditedMessagePage')

const ofAudit = { districtId: idSchema, id: idSchema.openapi({ description: 'Of the audit' }) }
export const auditParams = z.object(ofAudit)
export const auditedChannelParams = z.object({ ...ofAudit, channelId: idSchema })
export const auditedAttachmentParams = z.object({ ...ofAudit, attachmentId: idSchema })

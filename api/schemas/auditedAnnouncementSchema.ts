import { z } from '@hono/zod-openapi'
import { recipientKinds } from '../../domain/announcement.ts'
import { attachmentSchema } from './attachmentSchema.ts'
import { auditParams, instant, yesOrNo } from './auditSchema.ts'
import { personSchema } from './channelSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { pageQuery, toPageSchema } from './pageSchema.ts'
import { languageSchema, translationSchema } from './translationSchema.ts'

/** All that is given must hold. */
export const announcementSearchQuery = pageQuery
  .extend({
    authorId: idSchema.optional(),
    sectionId: idSchema.optional(),
    schoolId: idSchema.optional().openapi({ description: 'Of the section' }),
    from: instant.openapi({ description: 'Posted at or after this moment' }),
    until: instant.openapi({ description: 'Posted before this moment' }),
    hasAttachment: yesOrNo,
    isHidden: yesOrNo.openapi({ description: 'That was hidden or withdrawn' }),
    wasNudged: yesOrNo.openapi({ description: 'That its author was asked about, and posted all the same' }),
    isReported: yesOrNo.openapi({ description: 'That was reported, or a file of it, or that raised a concern; not one of your own' }),
  })
  .strict()

export const foundAnnouncementSchema = z
  .object({
    id: idSchema,
    section: z.object({ id: idSchema, title: z.string() }),
    author: personSchema,
    recipients: z.enum(recipientKinds),
    createdAt: timeSchema,
    hiddenAt: timeSchema.nullable(),
    hiddenBy: idSchema.nullable(),
    withdrawnAt: timeSchema.nullable(),
    withdrawnAfterReaders: z.int().nullable(),
    wasNudged: z.boolean(),
    attachmentCount: z.int(),
  })
  .openapi('FoundAnnouncement')

export const foundAnnouncementPageSchema = toPageSchema(foundAnnouncementSchema).openapi('FoundAnnouncementPage')

export const auditedAnnouncementSchema = foundAnnouncementSchema
  .extend({ language: languageSchema, text: z.string(), translations: z.array(translationSchema), attachments: z.array(attachmentSchema) })
  .openapi('AuditedAnnouncement')

const rootSchema = z.string().openapi({
  description: 'Merkle tree hash of RFC 6962 with SHA-256, in hex; its leaves are the ids of the recipients as text, in ascending order',
})

export const scopeCheckSchema = z
  .object({
    rosterVersion: z.int().openapi({ description: 'The version of the roster by which it was posted' }),
    day: z.iso.date().openapi({ description: 'The day on which it was posted, in the district’s time zone' }),
    receipt: z
      .object({ count: z.int(), root: rootSchema, computedAt: timeSchema })
      .nullable()
      .openapi({ description: 'What was written down when it was posted; null for the seconds until it is' }),
    recipientIds: z.array(idSchema).openapi({ description: 'Who received it by that roster, worked out anew' }),
    root: rootSchema.openapi({ description: 'Over these' }),
    isSame: z.boolean().nullable().openapi({ description: 'Whether the receipt says the same; null without one' }),
  })
  .openapi('ScopeCheck')

export const auditedAnnouncementParams = auditParams.extend({ announcementId: idSchema })

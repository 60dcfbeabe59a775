import { z } from '@hono/zod-openapi'
import { reportActs, reportCategories, reportDecisions, reportOrigins, reportStates } from '../../domain/report.ts'
import { auditedAnnouncementSchema } from './auditedAnnouncementSchema.ts'
import { auditedMessageSchema } from './auditSchema.ts'
import { personSchema } from './channelSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { pageQuery, toPageSchema } from './pageSchema.ts'

export const createReportBody = z
  .strictObject({ category: z.enum(reportCategories).openapi({ description: 'What is the matter' }) })
  .openapi('CreateReport')

/** What the one who reports is told: that it was taken. */
export const ownReportSchema = z
  .object({
    id: idSchema,
    messageId: idSchema.nullable().openapi({ description: 'null of an announcement and its files' }),
    announcementId: idSchema.nullable(),
    attachmentId: idSchema.nullable(),
    category: z.enum(reportCategories),
    createdAt: timeSchema,
  })
  .openapi('OwnReport')

export const reportSchema = z
  .object({
    id: idSchema,
    origin: z.enum(reportOrigins).openapi({ description: 'language: nobody reported it, its words raised a concern' }),
    reporter: personSchema.nullable(),
    author: personSchema.openapi({ description: 'Who wrote what was reported. They see nothing of the report' }),
    channelId: idSchema.nullable().openapi({ description: 'null of an announcement and its files' }),
    messageId: idSchema.nullable(),
    announcementId: idSchema.nullable(),
    attachmentId: idSchema.nullable().openapi({ description: 'The file that was reported; null when it was the text' }),
    category: z.enum(reportCategories),
    state: z.enum(reportStates),
    createdAt: timeSchema,
  })
  .openapi('Report')
export type ReportView = z.infer<typeof reportSchema>

export const reportPageSchema = toPageSchema(reportSchema).openapi('ReportPage')
export const reportQuery = pageQuery.extend({ state: z.enum(reportStates).optional() }).strict()

export const reportDetailSchema = reportSchema
  .extend({
    messages: z.array(auditedMessageSchema).openapi({ description: 'The message, and a few before and after it; none of an announcement' }),
    announcement: auditedAnnouncementSchema.nullable(),
    acts: z
      .array(
        z.object({
          act: z.enum(reportActs),
          actor: personSchema.nullable().openapi({ description: 'null of what the words did' }),
          note: z.string().nullable(),
          at: timeSchema,
        }),
      )
      .openapi({ description: 'What became of it, and every look at it, this one too; oldest first' }),
  })
  .openapi('ReportDetail')
export type ReportDetailView = z.infer<typeof reportDetailSchema>

export const decideReportBody = z
  .strictObject({
    decision: z.enum(reportDecisions),
    note: z
      .string()
      .trim()
      .min(3, { error: 'Say why, in a few words.' })
      .max(1_000)
      .refine((note) => note.isWellFormed() && !note.includes('\u0000'), { error: 'The note is not valid Unicode.' })
      .openapi({ description: 'Kept with the report and in the audit log', example: 'Spoke with both families' }),
  })
  .openapi('DecideReport')

export const reportedAttachmentParams = z.object({
  districtId: idSchema,
  id: idSchema.openapi({ description: 'Of the report' }),
  attachmentId: idSchema,
})

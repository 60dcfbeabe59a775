import { z } from '@hono/zod-openapi'
import { attachmentStates, refusalReasons, verdicts } from '../../domain/attachment.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import { findFileNameFault } from '../../domain/fileName.ts'
import { idSchema, timeSchema } from './idSchema.ts'

/** What the uploader sees of their own attachment. */
export const ownAttachmentSchema = z
  .object({
    viewer: z.literal('uploader'),
    id: idSchema,
    channelId: idSchema.nullable().openapi({ description: 'Where it was sent to: a channel, or else a section' }),
    sectionId: idSchema.nullable(),
    messageId: idSchema.nullable().openapi({ description: 'Null until it is posted with a message, or with an announcement' }),
    announcementId: idSchema.nullable(),
    state: z.enum(attachmentStates),
    verdict: z.enum(verdicts).nullable(),
    refusalReason: z.enum(refusalReasons).nullable(),
    fileName: z.string(),
    contentType: z.string(),
    bytes: z.int().openapi({ description: 'Declared; of the file that can be opened once the state is clean' }),
    createdAt: timeSchema,
  })
  .openapi('OwnAttachment')
export type OwnAttachmentView = z.infer<typeof ownAttachmentSchema>

/** What others see of an attachment posted with a message or an announcement that they may read. */
const othersAttachmentSchema = z
  .object({
    viewer: z.literal('audience'),
    id: idSchema,
    channelId: idSchema.nullable(),
    sectionId: idSchema.nullable(),
    messageId: idSchema.nullable().openapi({ description: 'It came with a message, or else with an announcement' }),
    announcementId: idSchema.nullable(),
    state: z.enum(['being-checked', 'available', 'removed']),
    fileName: z.string().nullable().openapi({ description: 'null until the file is available' }),
    contentType: z.string().nullable(),
    bytes: z.int().nullable(),
    createdAt: timeSchema,
  })
  .openapi('OthersAttachment')
export type OthersAttachmentView = z.infer<typeof othersAttachmentSchema>

export const attachmentSchema = z.discriminatedUnion('viewer', [ownAttachmentSchema, othersAttachmentSchema]).openapi('Attachment')
export type AttachmentView = z.infer<typeof attachmentSchema>

const fileNameSchema = z
  .string()
  .max(2 * uploadLimits.fileNameCharactersMax, { error: `Shorten the file name to ${uploadLimits.fileNameCharactersMax} characters.` })
  .superRefine((fileName, context) => {
    const fault = findFileNameFault(fileName)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault.message })
  })
  .openapi({ example: 'worksheet.pdf' })

export const createAttachmentBody = z
  .strictObject({
    fileName: fileNameSchema,
    contentType: z.string().max(200).openapi({ example: 'application/pdf' }),
    bytes: z
      .int()
      .min(1, { error: 'The file is empty.' })
      .openapi({ description: 'Exact size of the file; the store takes no more', example: 48_213 }),
  })
  .openapi('CreateAttachment')

/** A pre-signed POST: send a multipart form with `fields` first and the file last, field name `file`. */
const uploadSchema = z.object({ url: z.url(), fields: z.record(z.string(), z.string()), expiresAt: timeSchema }).openapi('Upload')

export const createdAttachmentSchema = z.object({ attachment: ownAttachmentSchema, upload: uploadSchema }).openapi('CreatedAttachment')

export const uploadLimitsSchema = z
  .object({
    bytesMax: z.int(),
    filesPerDay: z.int().openapi({ description: 'What one person may send; room for more grows evenly over the day' }),
    bytesPerDay: z.int(),
    uploadsInFlight: z.int().openapi({ description: 'Tickets and checks that one person may have open at a time' }),
    fileNameCharactersMax: z.int(),
    attachmentsPerMessageMax: z.int(),
    imagePixelsMax: z.int(),
    messageCharactersMax: z.int(),
    types: z.array(z.object({ contentType: z.string(), extensions: z.array(z.string()), family: z.string() })),
    advice: z
      .record(z.string(), z.string())
      .openapi({ description: 'By extension: what to do with a type that is often tried and cannot be sent' }),
  })
  .openapi('UploadLimits')

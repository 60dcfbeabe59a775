import { z } from '@hono/zod-openapi'
import { messageLimits, uploadLimits } from '../../domain/uploadLimits.ts'
import { findingReasons } from '../../domain/language/checkLanguage.ts'
import { messageStates } from '../../domain/shownMessage.ts'
import { attachmentSchema } from './attachmentSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { cursorSchema, limitSchema } from './pageSchema.ts'
import { languageSchema, ownTranslationSchema } from './translationSchema.ts'

export const messageSchema = z
  .object({
    id: idSchema,
    channelId: idSchema,
    seq: z.int().openapi({ description: 'Counts from 1 within the channel; what you do not see leaves a gap' }),
    authorId: idSchema,
    language: languageSchema,
    text: z.string().nullable().openapi({ description: 'null of a message that you withdrew' }),
    translation: ownTranslationSchema,
    state: z
      .enum(messageStates)
      .openapi({ description: 'hidden: the teacher reads it, nobody else; withdrawn: its author knows of it, nobody else' }),
    hiddenAt: timeSchema.nullable(),
    withdrawnAt: timeSchema.nullable(),
    withdrawnAfterReaders: z.int().nullable().openapi({ description: 'How many others had read as far when it was withdrawn' }),
    createdAt: timeSchema,
    attachments: z.array(attachmentSchema),
  })
  .openapi('Message')

export type MessageView = z.infer<typeof messageSchema>

const textSchema = z
  .string()
  // Code units first: counting code points of a megabyte is work that a refusal does not need.
  .max(2 * messageLimits.charactersMax, { error: `Shorten the text to ${messageLimits.charactersMax} characters.`, abort: true })
  .refine((text) => Array.from(text).length <= messageLimits.charactersMax, {
    error: `Shorten the text to ${messageLimits.charactersMax} characters.`,
  })
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'The text is not valid Unicode.' })

export const postMessageBody = z
  .strictObject({
    id: idSchema.optional().openapi({ description: 'Yours (UUID, best of version 7): repeating the request with it posts once' }),
    text: textSchema,
    attachmentIds: z
      .array(idSchema)
      .max(uploadLimits.attachmentsPerMessageMax, { error: `Send at most ${uploadLimits.attachmentsPerMessageMax} files with a message.` })
      .refine((ids) => new Set(ids).size === ids.length, { error: 'Name each file once.' })
      .default([]),
    nudgeToken: z
      .string()
      .max(200)
      .optional()
      .openapi({ description: 'Of the nudge that this answers, whether the text was changed or not' }),
  })
  .refine((body) => body.text.trim() !== '' || body.attachmentIds.length > 0, { error: 'Write something or add a file.', path: ['text'] })
  .openapi('PostMessage')
/** What is posted, with the id that was sent or made for it. */
export type PostMessage = z.output<typeof postMessageBody> & { id: string }

/** Nothing was posted: the author is asked whether they mean it. */
const nudgedSchema = z
  .object({
    nudge: z.object({
      token: z.string().openapi({ description: 'Send it with the text that is posted now. With the same text it posts that' }),
      expiresAt: timeSchema,
      findings: z.array(
        z.object({
          why: z.enum(findingReasons),
          start: z.int().openapi({ description: 'First UTF-16 code unit of the text that is meant' }),
          end: z.int().openapi({ description: 'The one behind the last' }),
        }),
      ),
    }),
  })
  .openapi('Nudged')

/** The answer of a post that asks its author once more. */
export const nudgedAnswer = {
  200: {
    description: 'Nothing was posted or kept. Send another text, or the same one to post it anyway, with the token either way',
    content: { 'application/json': { schema: nudgedSchema } },
  },
}

export const messagePageQuery = z
  .strictObject({
    before: cursorSchema.optional().openapi({ description: 'Messages older than this position' }),
    after: cursorSchema.optional().openapi({ description: 'Messages newer than this position' }),
    limit: limitSchema,
  })
  .refine((query) => query.before === undefined || query.after === undefined, { error: 'Give before or after, not both.', path: ['after'] })

/** Oldest first within the page. Without `before` and `after`: the newest messages. */
export const messagePageSchema = z
  .object({
    items: z.array(messageSchema),
    before: z.string().nullable().openapi({ description: 'Position to read older messages from; null when there are surely none' }),
    after: z.string().openapi({ description: 'Position to read newer messages from, now or later' }),
  })
  .openapi('MessagePage')

import { z } from '@hono/zod-openapi'
import { recipientKinds } from '../../domain/announcement.ts'
import { channelStandings } from '../../domain/channelStanding.ts'
import { messageStates } from '../../domain/shownMessage.ts'
import { attachmentSchema } from './attachmentSchema.ts'
import { personSchema } from './channelSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { postMessageBody } from './messageSchema.ts'
import { cursorSchema, limitSchema } from './pageSchema.ts'
import { languageSchema, ownTranslationSchema } from './translationSchema.ts'

const recipientsSchema = z.enum(recipientKinds).openapi({
  description: 'Fixed when it is made. Who they are follows the roster: whoever joins the section sees it, whoever leaves sees it no more',
})

export const announcementSchema = z
  .object({
    id: idSchema,
    section: z.object({ id: idSchema, title: z.string() }),
    author: personSchema,
    recipients: recipientsSchema,
    language: languageSchema,
    text: z.string().nullable().openapi({ description: 'null of an announcement that you withdrew' }),
    translation: ownTranslationSchema,
    standing: z.enum(channelStandings).openapi({ description: 'teacher: you teach the section; participant: it is for you' }),
    isForSelf: z.boolean().openapi({ description: 'Whether it is for you as a student of the section' }),
    children: z.array(personSchema).openapi({ description: 'As a guardian you receive it for these' }),
    state: z
      .enum(messageStates)
      .openapi({ description: 'hidden: teachers of the section read it, nobody else; withdrawn: its author knows of it, nobody else' }),
    hiddenAt: timeSchema.nullable(),
    withdrawnAt: timeSchema.nullable(),
    withdrawnAfterReaders: z.int().nullable().openapi({ description: 'How many others had read it when it was withdrawn' }),
    createdAt: timeSchema,
    isRead: z.boolean(),
    attachments: z.array(attachmentSchema),
  })
  .openapi('Announcement')
export type AnnouncementView = z.infer<typeof announcementSchema>

export const postAnnouncementBody = postMessageBody.safeExtend({ recipients: recipientsSchema }).openapi('PostAnnouncement')
/** What is posted, with the id that was sent or made for it. */
export type PostAnnouncement = z.output<typeof postAnnouncementBody> & { id: string }

export const announcementPageQuery = z
  .strictObject({
    before: cursorSchema.optional().openapi({ description: 'Announcements older than this position' }),
    after: cursorSchema.optional().openapi({ description: 'Announcements newer than this position' }),
    limit: limitSchema,
  })
  .refine((query) => query.before === undefined || query.after === undefined, { error: 'Give before or after, not both.', path: ['after'] })

/** Newest first within the page. Without `before` and `after`: the newest. */
export const announcementPageSchema = z
  .object({
    items: z.array(announcementSchema),
    before: z.string().nullable().openapi({ description: 'Position to read older ones from; null when there are none' }),
    after: z
      .string()
      .nullable()
      .openapi({ description: 'Position to read newer ones from, now or later; null while there is none at all' }),
  })
  .openapi('AnnouncementPage')

export const replyBody = z
  .strictObject({
    studentId: idSchema
      .optional()
      .openapi({ description: 'As a guardian: about which of the children for whom you receive it. As a student: leave it out' }),
  })
  .openapi('ReplyToAnnouncement')

export const deliverySchema = z
  .object({
    canSee: z.int().openapi({ description: 'Who can see it now; none while it is hidden' }),
    haveRead: z.int().openapi({ description: 'Of these, who has read it' }),
    notSignedUp: z.int().openapi({ description: 'Of these, who has never signed in' }),
    unreachable: z.int().openapi({
      description: 'Of those who never signed in, who has neither an e-mail address nor a phone in the roster, or none that takes anything',
    }),
  })
  .openapi('Delivery')

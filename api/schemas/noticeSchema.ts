import { z } from '@hono/zod-openapi'
import { noticeKinds } from '../../domain/notices/noticeKinds.ts'
import { idSchema, timeSchema } from './idSchema.ts'

export const noticeSchema = z
  .object({
    id: idSchema,
    kind: z.enum(noticeKinds),
    channelId: idSchema.nullable(),
    sectionId: idSchema.nullable(),
    subjectId: idSchema.openapi({ description: 'The message, or the announcement' }),
    createdAt: timeSchema,
    isSeen: z.boolean().openapi({ description: 'Set aside, or what it is about was read' }),
  })
  .openapi('Notice', { description: 'That there is something new, without a word of it' })

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Use a time of day such as 21:00.' })
  .openapi({ example: '21:00' })

export const quietHours = z.strictObject({ from: timeOfDay, until: timeOfDay }).openapi('QuietHours', {
  description: 'In the district’s time zone; over midnight when it ends before it begins, never when both are the same',
})

const choices = {
  quietHours: quietHours.nullable().openapi({ description: 'My own; null: the district’s' }),
  byMail: z.boolean().openapi({ description: 'Whether I want to be notified by mail' }),
  bySms: z.boolean().openapi({
    description:
      'Whether I want to be notified by text message where no mail reaches me. Saying so again has a number tried once more that was refused',
  }),
}

export const notificationsSchema = z
  .object({
    ...choices,
    districtQuietHours: quietHours,
    isAddressRefused: z.boolean().openapi({ description: 'My address took no mail. It is tried again when the roster has another' }),
    isNumberRefused: z.boolean().openapi({ description: 'My number took no text message, or I answered STOP to one' }),
  })
  .openapi('Notifications')
export type NotificationsView = z.infer<typeof notificationsSchema>

export const setNotificationsBody = z.strictObject(choices).openapi('SetNotifications')

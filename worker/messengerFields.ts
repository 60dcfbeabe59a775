import { z } from 'zod'
import { residentUrl, storeUrl } from '../clients/endpointFields.ts'

/** By what people are told outside of the app. */
export type Messengers = {
  smtpUrl: string
  mailFrom: string
  /** The configuration set of Amazon SES that mails go by, and the queue where it says which of them bounced. Null: nobody says so. */
  mailFeedback: { configurationSet: string; queueUrl: string } | null
  /** By which number, pool or sender of ours text messages go out. Null: nobody is written to by phone. */
  sms: { from: string; endpoint?: string } | null
}

/** The variables of it. */
export const messengerFields = {
  SMTP_URL: residentUrl('smtp', 'smtps'),
  MAIL_FROM: z.email().default('no-reply@hallpass.example'),
  MAIL_CONFIGURATION_SET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
  MAIL_FEEDBACK_QUEUE_URL: storeUrl.optional(),
  SMS_FROM: z.string().min(1).max(256).optional(),
  SMS_ENDPOINT: storeUrl.optional(),
}

type Env = z.output<z.ZodObject<typeof messengerFields>>

export const toMessengers = (env: Env): Messengers => {
  const { MAIL_CONFIGURATION_SET: configurationSet, MAIL_FEEDBACK_QUEUE_URL: queueUrl, SMS_FROM: from, SMS_ENDPOINT: endpoint } = env
  return {
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    mailFeedback: configurationSet === undefined || queueUrl === undefined ? null : { configurationSet, queueUrl },
    sms: from === undefined ? null : { from, ...(endpoint === undefined ? {} : { endpoint }) },
  }
}

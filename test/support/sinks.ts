import { inject } from 'vitest'
import { z } from 'zod'

const alerts = z.array(
  z.object({
    event: z.object({
      event_action: z.string(),
      dedup_key: z.string(),
      /** A resolve has none. */
      payload: z.object({ summary: z.string(), custom_details: z.record(z.string(), z.unknown()).optional() }).optional(),
      links: z.array(z.object({ href: z.string() })).optional(),
    }),
  }),
)
export type SeenAlert = z.infer<typeof alerts>[number]['event']

/** Every alert that the sink received, oldest first. */
export const alertsIn = async (): Promise<SeenAlert[]> =>
  alerts.parse(await (await fetch(`${inject('stack').pager.web}/alerts`)).json()).map(({ event }) => event)

/** What an alert says of its own subject: not the other files of one cause that it lists. */
export const toWords = (event: SeenAlert): string => JSON.stringify(event, (key, value: unknown) => (key === 'files' ? '' : value))

/** The alerts that the sink received and that are about this id, oldest first. */
export const alertsAbout = async (id: string): Promise<SeenAlert[]> => (await alertsIn()).filter((event) => toWords(event).includes(id))

/** What was done with the alerts of this key, oldest first: `trigger`, `resolve`. */
export const actionsOn = async (dedupKey: string): Promise<string[]> =>
  (await alertsIn()).filter((event) => event.dedup_key === dedupKey).map((event) => event.event_action)

const mails = z.array(
  z.object({
    subject: z.string(),
    text: z.string(),
    to: z.array(z.object({ address: z.string() })),
    headers: z.looseObject({ 'message-id': z.string() }),
  }),
)
export type SeenMail = z.infer<typeof mails>[number]

/** Every mail that the sink received; `web` is where it shows them. */
export const mailsIn = async (web = inject('stack').mail.web): Promise<SeenMail[]> =>
  mails.parse(await (await fetch(`${web}/api/email`)).json())

/** The mails that the sink received for this address. */
export const mailsTo = async (address: string, web?: string): Promise<SeenMail[]> =>
  (await mailsIn(web)).filter(({ to }) => to.some((recipient) => recipient.address === address))

const messages = z.array(z.object({ id: z.string().nullable(), to: z.string(), text: z.string() }))
export type SeenSms = z.infer<typeof messages>[number]

/** Every text message that the sink received, oldest first. */
export const smsIn = async (): Promise<SeenSms[]> => messages.parse(await (await fetch(`${inject('stack').sms.web}/messages`)).json())

/** The text messages that the sink received for this number, oldest first. */
export const smsTo = async (number: string): Promise<SeenSms[]> => (await smsIn()).filter(({ to }) => to === number)

/** Answers a text message as the owner of the number would. */
export const replyBySms = async (number: string, text: string): Promise<void> => {
  const body = JSON.stringify({ from: number, text })
  await fetch(`${inject('stack').sms.web}/replies`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

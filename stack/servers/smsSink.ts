import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { serveSink } from './serveSink.ts'

/** What AWS End User Messaging's `SendTextMessage` takes, with its documented limits. */
const sendTextMessage = z.object({
  DestinationPhoneNumber: z.string().regex(/^\+[1-9]\d{4,14}$/),
  OriginationIdentity: z.string().min(1).max(256),
  MessageBody: z.string().min(1).max(1_600),
  MessageType: z.enum(['TRANSACTIONAL', 'PROMOTIONAL']),
  Context: z.record(z.string().min(1).max(100), z.string().min(1).max(800)).optional(),
})

export type ReceivedSms = { receivedAt: string; id: string | null; to: string; text: string }

export type SmsSink = {
  /**
   * `endpoint` takes `SendTextMessage`; `web` is a page for people; `${web}/messages` is the list as JSON, and `POST ${web}/replies` with `{ from, text }` answers as the
   * owner of a phone would: STOP ends messages to it, START allows them again.
   */
  address: { endpoint: string; web: string }
  /** What was received, oldest first. */
  messages(): ReceivedSms[]
  stop(): Promise<void>
}

const kept = 10_000
const reply = z.object({ from: z.string().min(1), text: z.string() })

const page = (messages: ReceivedSms[]) =>
  html`<!doctype html>
    <html lang="en">
      <title>Hallpass SMS</title>
      <meta http-equiv="refresh" content="5" />
      <h1>SMS</h1>
      <p>${messages.length} received, newest first. Nothing leaves this machine.</p>
      <ul>
        ${messages.toReversed().map(({ receivedAt, to, text }) => html`<li>${receivedAt} to ${to}: ${text}</li>`)}
      </ul>
    </html>`

const target = 'PinpointSMSVoiceV2.SendTextMessage'

const createApp = (received: ReceivedSms[], stopped: Set<string>): Hono => {
  const app = new Hono()
  app.get('/', (context) => context.html(page(received)))
  app.get('/messages', (context) => context.json(received))
  app.post('/replies', async (context) => {
    const answered = reply.safeParse(await context.req.json().catch(() => null))
    if (!answered.success) return context.json({ problem: 'a reply is from somebody and says something' }, 400)
    const word = answered.data.text.trim().toUpperCase()
    if (word === 'STOP') stopped.add(answered.data.from)
    if (word === 'START') stopped.delete(answered.data.from)
    return context.body(null, 204)
  })
  app.post('/', async (context) => {
    if (context.req.header('x-amz-target') !== target) return context.json({ __type: 'UnknownOperationException' }, 400)
    const parsed = sendTextMessage.safeParse(await context.req.json().catch(() => null))
    if (!parsed.success) {
      const Fields = parsed.error.issues.map(({ path, message }) => ({ Name: path.join('.'), Message: message }))
      return context.json({ __type: 'ValidationException', Message: 'invalid', Reason: 'FIELD_VALIDATION_FAILED', Fields }, 400)
    }
    const { DestinationPhoneNumber: to, MessageBody: text, Context } = parsed.data
    if (stopped.has(to))
      return context.json({ __type: 'ConflictException', Message: 'opted out', Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }, 400)
    received.push({ receivedAt: new Date().toISOString(), id: Context?.['notice'] ?? null, to, text })
    if (received.length > kept) received.shift()
    return context.json({ MessageId: randomUUID() })
  })
  return app
}

/** A receiver of text messages that speaks AWS End User Messaging's protocol, refuses what it would, and shows what came. */
export const startSmsSink = async ({ port }: { port: number }): Promise<SmsSink> => {
  const received: ReceivedSms[] = []
  const app = createApp(received, new Set())
  const { web, stop } = await serveSink(app, port)
  return { address: { endpoint: web, web }, messages: () => received, stop }
}

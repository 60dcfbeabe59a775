import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { serveSink } from './serveSink.ts'

/** What PagerDuty's Events API v2 takes, with its documented limits. */
const alertEvent = z.object({
  routing_key: z.string().min(1),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  client: z.string().optional(),
  client_url: z.string().optional(),
  links: z.array(z.object({ href: z.url({ protocol: /^https?$/ }), text: z.string().optional() })).optional(),
  payload: z
    .object({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.string().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
})

export type AlertEvent = z.infer<typeof alertEvent>
export type ReceivedAlert = { receivedAt: string; event: AlertEvent }

export type AlertSink = {
  /** `url` takes `POST /v2/enqueue`; `web` is a page for people; `${web}/alerts` is the list as JSON, `${web}/runbooks/` has the pages that alerts link to. */
  address: { url: string; web: string; routingKey: string }
  /** What was received, oldest first. */
  alerts(): ReceivedAlert[]
  stop(): Promise<void>
}

const kept = 10_000
const runbooks = new URL('../../docs/runbooks/', import.meta.url)

const page = (alerts: ReceivedAlert[]) =>
  html`<!doctype html>
    <html lang="en">
      <title>Hallpass alerts</title>
      <meta http-equiv="refresh" content="5" />
      <style>
        body {
          font: 15px/1.5 system-ui;
          margin: 2rem;
        }
        td,
        th {
          padding: 0.3rem 1rem 0.3rem 0;
          text-align: left;
          vertical-align: top;
        }
        pre {
          margin: 0;
        }
      </style>
      <h1>Alerts</h1>
      <p>${alerts.length} received, newest first. Nothing leaves this machine.</p>
      <table>
        <tr>
          <th>received</th>
          <th>action</th>
          <th>severity</th>
          <th>summary</th>
          <th>key</th>
          <th>details</th>
        </tr>
        ${alerts.toReversed().map(
          ({ receivedAt, event }) =>
            html`<tr>
              <td>${receivedAt}</td>
              <td>${event.event_action}</td>
              <td>${event.payload?.severity ?? ''}</td>
              <td>
                ${event.payload?.summary ?? ''}${event.links?.map((link) => html`<br /><a href="${link.href}">${link.text ?? link.href}</a>`)}
              </td>
              <td>${event.dedup_key}</td>
              <td><pre>${JSON.stringify(event.payload?.custom_details ?? {}, null, 1)}</pre></td>
            </tr>`,
        )}
      </table>
    </html>`

const createApp = (routingKey: string, received: ReceivedAlert[]): Hono => {
  const app = new Hono()
  app.get('/', (context) => context.html(page(received)))
  app.get('/alerts', (context) => context.json(received))
  app.get('/runbooks/:page{[a-z-]+\\.md}', async (context) => {
    const page = await readFile(new URL(context.req.param('page'), runbooks), 'utf8').catch(() => null)
    return page === null ? context.notFound() : context.text(page)
  })
  app.post('/v2/enqueue', async (context) => {
    const body: unknown = await context.req.json().catch(() => null)
    const parsed = alertEvent.safeParse(body)
    const missing =
      parsed.success && parsed.data.event_action === 'trigger' && !parsed.data.payload ? ['payload is required to trigger'] : []
    const errors = parsed.success ? missing : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    if (!parsed.success || errors.length > 0)
      return context.json({ status: 'invalid event', message: 'Event object is invalid', errors }, 400)
    if (parsed.data.routing_key !== routingKey) {
      return context.json({ status: 'invalid event', message: 'Event object is invalid', errors: ['routing_key is not known'] }, 400)
    }
    received.push({ receivedAt: new Date().toISOString(), event: { ...parsed.data, routing_key: '…' } })
    if (received.length > kept) received.shift()
    return context.json({ status: 'success', message: 'Event processed', dedup_key: parsed.data.dedup_key }, 202)
  })
  return app
}

/** A receiver of alerts that speaks PagerDuty's Events API v2, refuses what PagerDuty would, and shows what came. */
export const startAlertSink = async (options: { port: number; routingKey: string }): Promise<AlertSink> => {
  const { port, routingKey } = options
  const received: ReceivedAlert[] = []
  const app = createApp(routingKey, received)
  const { web, stop } = await serveSink(app, port)
  return { address: { url: `${web}/v2/enqueue`, web, routingKey }, alerts: () => received, stop }
}

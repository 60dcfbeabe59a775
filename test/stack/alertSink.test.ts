import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAlertSink } from '../../stack/servers/alertSink.ts'
import type { AlertSink } from '../../stack/servers/alertSink.ts'

const routingKey = 'a-routing-key'
let sink: AlertSink

beforeAll(async () => {
  sink = await startAlertSink({ port: 0, routingKey })
})
afterAll(() => sink.stop())

const trigger = {
  routing_key: routingKey,
  event_action: 'trigger',
  dedup_key: 'scanner-outage',
  payload: { summary: 'Scanner <b>down</b>', source: 'worker', severity: 'critical', custom_details: { rounds: 3 } },
}

const enqueue = async (event: unknown): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(sink.address.url, {
    method: 'POST',
    body: JSON.stringify(event),
    headers: { 'content-type': 'application/json' },
  })
  return { status: answer.status, body: await answer.json() }
}

test('an event as PagerDuty documents it is taken, listed and shown', async () => {
  const { status, body } = await enqueue(trigger)
  expect(status).toBe(202)
  expect(body).toMatchObject({ status: 'success', dedup_key: 'scanner-outage' })
  expect(sink.alerts().at(-1)?.event).toMatchObject({ event_action: 'trigger', dedup_key: 'scanner-outage' })
  const listed = (await (await fetch(`${sink.address.web}/alerts`)).json()) as unknown[]
  expect(listed).toHaveLength(sink.alerts().length)
})

test('what an alert says is shown as text, never as markup, and the routing key is not shown', async () => {
  await enqueue(trigger)
  const page = await (await fetch(sink.address.web)).text()
  expect(page).toContain('Scanner &lt;b&gt;down&lt;/b&gt;')
  expect(page).not.toContain(routingKey)
})

test.for([
  ['an unknown routing key', { ...trigger, routing_key: 'another' }],
  ['a summary of more than 1,024 characters', { ...trigger, payload: { ...trigger.payload, summary: 'x'.repeat(1_025) } }],
  ['a key of more than 255 characters', { ...trigger, dedup_key: 'x'.repeat(256) }],
  ['an unknown severity', { ...trigger, payload: { ...trigger.payload, severity: 'bad' } }],
  ['an unknown action', { ...trigger, event_action: 'shout' }],
  ['a trigger without a payload', { ...trigger, payload: undefined }],
  ['a link that is no web address', { ...trigger, links: [{ href: 'javascript:alert(1)' }] }],
  ['no object at all', 'alert'],
] as const)('%s is refused as PagerDuty would, and nothing is kept', async ([, event]) => {
  const before = sink.alerts().length
  expect((await enqueue(event)).status).toBe(400)
  expect(sink.alerts()).toHaveLength(before)
})

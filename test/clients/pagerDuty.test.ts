import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { createPagerDuty } from '../../clients/pagerDuty.ts'
import type { Alert } from '../../domain/ports.ts'

const alert: Alert = {
  action: 'trigger',
  dedupKey: 'scan-outage',
  severity: 'error',
  summary: 'Scans wait for the engine',
  source: 'worker',
  component: 'attachments',
  runbook: 'attachments-delayed',
  details: { waiting: 3 },
  links: [{ href: 'https://example.org/runbook', text: 'runbook' }],
}

const open: { close(): void }[] = []
afterEach(() => open.splice(0).forEach((server) => server.close()))

/** Answers each event with the next status; 0 hangs up. */
const startReceiver = async (statuses: number[], headers: IncomingHttpHeaders = {}) => {
  const received: unknown[] = []
  const server = createServer((request, response) => {
    const answer = async () => {
      received.push(await json(request))
      const status = statuses[received.length - 1] ?? 202
      if (status === 0) request.socket.destroy()
      else response.writeHead(status, headers).end(status === 204 ? '' : '{}')
    }
    void answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}/v2/enqueue`, received }
}

const pagerBefore = async (statuses: number[], headers?: IncomingHttpHeaders) => {
  const receiver = await startReceiver(statuses, headers)
  return { ...receiver, pager: createPagerDuty({ url: receiver.url, routingKey: 'key', backoffMs: 1 }) }
}

describe('an alert', () => {
  test('is taken by the sink of the stack, which refuses what PagerDuty would', async () => {
    const { url, web, routingKey } = inject('stack').pager
    const dedupKey = `clients-test-${performance.now()}`
    await createPagerDuty({ url, routingKey }).raise({ ...alert, dedupKey })
    await createPagerDuty({ url, routingKey }).raise({ ...alert, dedupKey, action: 'resolve' })
    const list = (await (await fetch(`${web}/alerts`)).json()) as { event: { dedup_key: string; event_action: string } }[]
    expect(list.filter(({ event }) => event.dedup_key === dedupKey).map(({ event }) => event.event_action)).toEqual(['trigger', 'resolve'])
  })
  test('is sent in the form of the Events API v2', async () => {
    const { pager, received } = await pagerBefore([202])
    await pager.raise(alert)
    expect(received).toEqual([
      {
        routing_key: 'key',
        event_action: 'trigger',
        dedup_key: 'scan-outage',
        payload: {
          summary: alert.summary,
          source: 'worker',
          severity: 'error',
          component: 'attachments',
          custom_details: { waiting: 3, runbook: 'docs/runbooks/attachments-delayed.md' },
        },
        links: alert.links,
      },
    ])
  })
  test('links first to its runbook, where somebody reads it', async () => {
    const { url, received } = await startReceiver([202])
    await createPagerDuty({ url, routingKey: 'key', runbooksUrl: 'https://example.org/runbooks/' }).raise(alert)
    const runbook = { href: 'https://example.org/runbooks/attachments-delayed.md', text: 'Runbook' }
    expect(received).toMatchObject([{ links: [runbook, ...(alert.links ?? [])] }])
  })
  test('is tried again while the receiver is busy, broken or gone', async () => {
    const { pager, received } = await pagerBefore([429, 503, 0, 202])
    await pager.raise(alert)
    expect(received).toHaveLength(4)
  })
  test('is given up after a bounded number of attempts', async () => {
    const { pager, received } = await pagerBefore([500, 500, 500, 500, 500, 500])
    await expect(pager.raise(alert)).rejects.toMatchObject({ name: 'PagerUnavailable' })
    expect(received).toHaveLength(4)
  })
  test.each([200, 204, 302, 400, 403])('answered with %i is not taken and not tried again', async (status) => {
    const { pager, received } = await pagerBefore([status], { location: 'http://127.0.0.1:1/' })
    await expect(pager.raise(alert)).rejects.toMatchObject({ name: 'PagerRefused' })
    expect(received).toHaveLength(1)
  })
  test('over a limit is not sent', async () => {
    const { pager, received } = await pagerBefore([])
    await expect(pager.raise({ ...alert, dedupKey: 'k'.repeat(256) })).rejects.toThrow('dedupKey')
    await expect(pager.raise({ ...alert, summary: 's'.repeat(1_025) })).rejects.toThrow('summary')
    expect(received).toEqual([])
    await pager.raise({ ...alert, dedupKey: 'k'.repeat(255), summary: 's'.repeat(1_024) })
    expect(received).toHaveLength(1)
  })
  test('leaves this machine over https only', () => {
    expect(() => createPagerDuty({ url: 'http://events.example.org/v2/enqueue', routingKey: 'key' })).toThrow('https')
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert, Pager } from '../domain/ports.ts'
import { isInternalEndpoint } from '../domain/residency.ts'

export type PagerDutyOptions = {
  /** The whole address that events are posted to, such as `https://events.pagerduty.com/v2/enqueue`. */
  url: string
  routingKey: string
  /** Where the pages of `docs/runbooks/` can be read; an alert then links to its page. */
  runbooksUrl?: string
  attemptsMax?: number
  /** Before the second attempt; doubles after each. */
  backoffMs?: number
  timeoutMs?: number
}

/** The alert could not be handed over now. */
export class PagerUnavailable extends Error {
  override readonly name = 'PagerUnavailable'
}

/** The receiver will never take this alert. */
export class PagerRefused extends Error {
  override readonly name = 'PagerRefused'
}

/** Of the Events API v2, in characters. */
const limits = { dedupKey: 255, summary: 1_024 } as const
const retryAfterMsMax = 30_000

/**
 * Raises and resolves alerts by PagerDuty's Events API v2. An alert is taken when the answer is 202; 429, 5xx and lost connections are tried
 * again a bounded number of times (the same `dedupKey` twice is one alert). @throws PagerUnavailable, PagerRefused, RangeError over a limit.
 */
export const createPagerDuty = (options: PagerDutyOptions): Pager => {
  const { url, attemptsMax = 4, backoffMs = 250, timeoutMs = 10_000 } = options
  if (!url.startsWith('https:') && !isInternalEndpoint(url))
    throw new TypeError('alerts go over https outside of this machine and the compose network')

  const post = async (body: string): Promise<{ retryAfterMs: number } | null> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }).catch(
      () => null,
    )
    if (response === null) return { retryAfterMs: 0 }
    await response.body?.cancel()
    if (response.status === 202) return null
    if (response.status === 429 || response.status >= 500) return { retryAfterMs: toRetryAfterMs(response) }
    throw new PagerRefused(`the pager answered ${response.status}`)
  }

  return {
    raise: async (alert) => {
      const body = JSON.stringify(toEvent(alert, options))
      for (let attempt = 1; ; attempt += 1) {
        const failed = await post(body)
        if (failed === null) return
        if (attempt >= attemptsMax) throw new PagerUnavailable(`the pager took no alert in ${attempt} attempts`)
        await sleep(Math.max(failed.retryAfterMs, backoffMs * 2 ** (attempt - 1)))
      }
    },
  }
}

/** A resolving event says no more than which alert it ends. */
const toEvent = (alert: Alert, { routingKey, runbooksUrl }: Pick<PagerDutyOptions, 'routingKey' | 'runbooksUrl'>) => {
  const { action, dedupKey, severity, summary, source, component, details } = alert
  if (dedupKey === '' || dedupKey.length > limits.dedupKey) throw new RangeError(`a dedupKey has 1 to ${limits.dedupKey} characters`)
  if (summary === '' || summary.length > limits.summary) throw new RangeError(`a summary has 1 to ${limits.summary} characters`)
  const event = { routing_key: routingKey, event_action: action, dedup_key: dedupKey }
  if (action === 'resolve') return event
  const runbook = `docs/runbooks/${alert.runbook}.md`
  const runbookLinks = runbooksUrl === undefined ? [] : [{ href: `${runbooksUrl.replace(/\/$/, '')}/${alert.runbook}.md`, text: 'Runbook' }]
  const links = [...runbookLinks, ...(alert.links ?? [])]
  const payload = { summary, source, severity, component, custom_details: { ...details, runbook } }
  return { ...event, payload, ...(links.length === 0 ? {} : { links }) }
}

const toRetryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1_000, retryAfterMsMax) : 0
}

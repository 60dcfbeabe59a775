import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert, Pager } from '../domain/ports.ts'

export type PagerDutyOptions = {
  /** Where `POST …/v2/enqueue` goes: the whole address. */
  url: string
  routingKey: string
  timeoutMs?: number
  /** Waits between tries after 429, 5xx or no answer; so many tries and one more are made. */
  waitsMs?: readonly number[]
}

/** The alert was not taken. Carries the status and nothing of the alert. */
export class AlertNotRaised extends Error {
  override readonly name = 'AlertNotRaised'
}

const dedupKeyCharactersMax = 255
const summaryCharactersMax = 1_024

/**
 * The pager over PagerDuty's Events API v2. The same `dedupKey` twice is one incident there, so trying again is safe.
 * @throws RangeError for a key that is empty or too long; AlertNotRaised when it was refused, or not taken in all tries.
 */
export const createPagerDuty = ({ url, routingKey, timeoutMs = 5_000, waitsMs = [250, 1_000] }: PagerDutyOptions): Pager => {
  /** The status of the answer, null when there was none. */
  const enqueue = async (body: string): Promise<number | null> => {
    try {
      const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal: AbortSignal.timeout(timeoutMs) }
      const answer = await fetch(url, { ...request, redirect: 'error' })
      await answer.body?.cancel()
      return answer.status
    } catch {
      return null
    }
  }

  return {
    raise: async (alert) => {
      const body = JSON.stringify(toEvent(alert, routingKey))
      for (const waitMs of [...waitsMs, null]) {
        const status = await enqueue(body)
        if (status === 202) return
        const isTransient = status === null || status === 429 || status >= 500
        if (!isTransient || waitMs === null) throw new AlertNotRaised(`the pager answered ${status ?? 'nothing'}`)
        await sleep(waitMs)
      }
    },
  }
}

const toEvent = (alert: Alert, routingKey: string) => {
  if (alert.dedupKey.length < 1 || alert.dedupKey.length > dedupKeyCharactersMax) throw new RangeError('a dedup key has 1 to 255 characters')
  return {
    routing_key: routingKey,
    event_action: alert.action,
    dedup_key: alert.dedupKey,
    payload: {
      summary: alert.summary.slice(0, summaryCharactersMax),
      source: alert.source,
      severity: alert.severity,
      component: alert.component,
      custom_details: alert.details,
    },
    ...(alert.links === undefined ? {} : { links: alert.links }),
  }
}

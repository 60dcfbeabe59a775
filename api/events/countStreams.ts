import type { Gauge } from 'prom-client'
import { Refusal } from '../../domain/refusal.ts'

/**
 * Counts open event streams of each session in this process.
 * `open` answers the function that gives the place back; it throws a Refusal when the session has none left.
 */
export const createStreamCounter = (streamsPerSessionMax: number, gauge: Pick<Gauge, 'inc' | 'dec'>) => {
  const openBySession = new Map<string, number>()
  const open = (sessionId: string): (() => void) => {
    const count = openBySession.get(sessionId) ?? 0
    if (count >= streamsPerSessionMax) {
      throw new Refusal('too-many-streams', `A session may follow ${streamsPerSessionMax} streams at a time. Close one first.`)
    }
    openBySession.set(sessionId, count + 1)
    gauge.inc()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      gauge.dec()
      const left = (openBySession.get(sessionId) ?? 1) - 1
      if (left > 0) openBySession.set(sessionId, left)
      else openBySession.delete(sessionId)
    }
  }
  return { open }
}

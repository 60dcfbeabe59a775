import { setTimeout as wait } from 'node:timers/promises'

/** How those who write send things: each request again, as it was, until it is answered. */
export type TenaciousCaller = {
  /** Resolves with the answer's body once it is a yes. */
  ask<Body = unknown>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Body>
}

/** What all callers of a test saw. */
export type Sightings = {
  requests: number
  /** What the API may never answer, whatever dies. */
  wrong: string[]
  /** Resolves once so many more requests were sent. */
  untilSent(more: number): Promise<void>
}

/** Sooner than the API asks for: what is tested is what a repetition does. */
const againAfterMs = 80
const patienceMs = 20_000

export const createSightings = (): Sightings => {
  const sightings: Sightings = {
    requests: 0,
    wrong: [],
    untilSent: async (more) => {
      const until = sightings.requests + more
      while (sightings.requests < until) await wait(2)
    },
  }
  return sightings
}

/** No answer at all is what a process that died leaves; 503 is what one says that cannot tell. */
export const createTenaciousCaller = (apiUrl: string, token: string, sightings: Sightings): TenaciousCaller => ({
  ask: async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    for (; ; await wait(againAfterMs)) {
      sightings.requests += 1
      const headers = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
      const signal = AbortSignal.timeout(patienceMs)
      const json = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await fetch(`${apiUrl}${path}`, { method, headers, signal, ...json }).catch(() => null)
      const text = (await answer?.text().catch(() => null)) ?? null
      // An answer that broke off is none: whoever sent it does not know.
      if (answer === null || text === null) continue
      if (answer.ok) return (text === '' ? null : JSON.parse(text)) as Body
      if (answer.status !== 503) sightings.wrong.push(`${method} ${path} answered ${answer.status}`)
      if (answer.headers.get('Retry-After') === null)
        sightings.wrong.push(`${method} ${path} answered ${answer.status} and not when to come again`)
    }
  },
})

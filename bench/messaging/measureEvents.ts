import { setTimeout as wait } from 'node:timers/promises'
import { toPlace } from '../../demo/district/place.ts'
import { signIn } from '../../demo/district/signIn.ts'
import { quantile, roundFigures, type Measured } from '../bench.ts'
import { names, studentOf } from './makeMessagingFeed.ts'
import type { MessagingSize } from './messagingSize.ts'
import type { MessagingWorld } from './messagingWorld.ts'

/** Somebody who listens: when each word of something new came, in milliseconds of `performance.now`. */
type Listener = { heardAt: number[]; end(): void }

const patienceMs = 30_000

const listen = async (apiUrl: string, token: string): Promise<Listener> => {
  const ending = new AbortController()
  const answer = await fetch(`${apiUrl}/v1/events`, { headers: { Authorization: `Bearer ${token}` }, signal: ending.signal })
  if (answer.status !== 200 || answer.body === null) throw new Error(`a stream was answered with HTTP ${answer.status}`)
  const heardAt: number[] = []
  const words = answer.body.pipeThrough(new TextDecoderStream())
  const follow = async (): Promise<void> => {
    for await (const text of words) for (const _ of text.matchAll(/event: changes/g)) heardAt.push(performance.now())
  }
  follow().catch(() => undefined)
  return { heardAt, end: () => ending.abort() }
}

const untilAllHeard = async (listeners: readonly Listener[], count: number): Promise<void> => {
  const until = performance.now() + patienceMs
  while (listeners.some(({ heardAt }) => heardAt.length < count)) {
    if (performance.now() > until) throw new Error('somebody who listens was told nothing')
    await wait(5)
  }
}

/** How long after an announcement was sent each of many open clients hears of it. */
export const measureEvents = async (world: MessagingWorld, { streams, announced }: MessagingSize): Promise<Measured> => {
  const place = toPlace(world.stack, { api: { url: world.apiUrl, docs: '' } })
  const listeners: Listener[] = []
  try {
    for (let n = 0; n < streams; n += 1) {
      const token = await signIn(place, world.districtId, studentOf(names.large, n))
      listeners.push(await listen(world.apiUrl, token ?? ''))
    }
    await wait(1_000)
    const took: number[] = []
    for (let round = 1; round <= announced; round += 1) {
      const param = { id: world.sections.large }
      const began = performance.now()
      const answer = await world.client.v1.sections[':id'].announcements.$post({
        param,
        json: { text: 'Doors open at eight.', recipients: 'both' },
      })
      if (answer.status !== 201) throw new Error(`an announcement was answered with HTTP ${answer.status}`)
      await untilAllHeard(listeners, round)
      took.push(...listeners.map(({ heardAt }) => (heardAt[round - 1] ?? Infinity) - began))
      await wait(300)
    }
    return {
      ratios: {},
      figures: roundFigures({ event_p50_ms: quantile(took, 0.5), event_p95_ms: quantile(took, 0.95), event_streams: listeners.length }),
    }
  } finally {
    for (const listener of listeners) listener.end()
  }
}

import type { ApiDeps } from '../apiDeps.ts'
import { createStreamCounter } from './countStreams.ts'
import { createEventHub, type EventHub } from './eventHub.ts'

/** What all event streams of a process share. Opened by the first of them, so that routes can be described without a database. */
export const openEventStreams = (deps: Pick<ApiDeps, 'app' | 'auth' | 'pace' | 'log' | 'closing' | 'metrics'>) => {
  let hub: EventHub | undefined
  let counter: ReturnType<typeof createStreamCounter> | undefined
  return {
    hub: (): EventHub => (hub ??= createEventHub(deps)),
    /** Takes a place; answers the function that gives it back. @throws {Refusal} when there is none. */
    open: (userId: string): (() => void) => {
      const { eventStreamsPerPerson: perPersonMax, eventStreamsPerProcess: perProcessMax } = deps.pace
      counter ??= createStreamCounter({ perPersonMax, perProcessMax }, deps.metrics.openStreams)
      return counter.open(userId)
    },
  }
}
export type EventStreams = ReturnType<typeof openEventStreams>

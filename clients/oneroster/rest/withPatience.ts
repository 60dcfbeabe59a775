import { setTimeout } from 'node:timers/promises'
import { FetchFailed } from '../../guardedFetch/fetchFault.ts'
import { ProviderFault } from './providerFault.ts'
import type { ProviderFaultCode } from './providerFault.ts'

/** It may pass. `afterMs`: how long the provider asks to wait; null when it does not say. */
export type Trouble = { code: Extract<ProviderFaultCode, 'busy' | 'failing' | 'answer-malformed'>; afterMs: number | null }

export type Patience = {
  /** After so many troubles in a row it is given up. */
  troublesMax: number
  firstWaitMs: number
  /** A wait that is asked for and is longer than this is not waited here. */
  waitMaxMs: number
  /** Rejects with the signal's reason. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** For a system that may take minutes over its nightly work. What asks for longer is tried again by the run. */
export const ordinaryPatience: Patience = {
  troublesMax: 8,
  firstWaitMs: 2_000,
  waitMaxMs: 300_000,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
}

/**
 * Tries until it works: waits as long as the provider asks, or twice as long each time, with a random part so that many do not come back at once.
 * @throws ProviderFault when the patience is at its end, and whatever `attempt` throws that is no trouble of the network's
 */
export const withPatience = async <T extends object>(
  { troublesMax, firstWaitMs, waitMaxMs, wait }: Patience,
  signal: AbortSignal,
  attempt: () => Promise<T | { trouble: Trouble }>,
): Promise<T> => {
  for (let troubles = 1; ; troubles += 1) {
    const result = await attempt().catch((error: unknown): { trouble: Trouble } => {
      if (error instanceof FetchFailed) return { trouble: { code: 'failing', afterMs: null } }
      throw error
    })
    if (!('trouble' in result)) return result
    const { code, afterMs } = result.trouble
    const backOffMs = Math.min(firstWaitMs * 2 ** (troubles - 1), waitMaxMs) * (0.5 + Math.random() / 2)
    if (troubles >= troublesMax || (afterMs ?? 0) > waitMaxMs) throw new ProviderFault(code)
    await wait(afterMs ?? backOffMs, signal)
  }
}

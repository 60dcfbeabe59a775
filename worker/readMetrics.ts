import type { ReadSdkMetrics } from './installRuntime.ts'
import type { Adapters } from './openAdapters.ts'
import type { ScannerWatch } from './watchScanner.ts'

const standings = ['proven', 'unavailable', 'misconfigured', 'unknown'] as const

/** Everything that the worker's process says of itself: its own metrics and those of Temporal's SDK. */
export const readMetrics = async (
  { metrics, ...pools }: Pick<Adapters, 'metrics' | 'app' | 'relay' | 'sweeper'>,
  scannerWatch: Pick<ScannerWatch, 'standing'>,
  readSdkMetrics: ReadSdkMetrics,
): Promise<string> => {
  for (const standing of standings) metrics.scannerStanding.set({ standing }, standing === scannerWatch.standing() ? 1 : 0)
  for (const role of ['app', 'relay', 'sweeper'] as const) {
    for (const [state, count] of Object.entries(pools[role].connections())) metrics.connections.set({ role, state }, count)
  }
  const [own, sdk] = await Promise.all([metrics.read(), readSdkMetrics()])
  return `${own.trimEnd()}\n${sdk}`
}

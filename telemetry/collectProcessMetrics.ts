import { collectDefaultMetrics, type Registry } from 'prom-client'

/** Gauges that prom-client names like counters. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Processor, memory, file descriptors, event loop and garbage collection of this process. */
export const collectProcessMetrics = (registry: Registry): void => {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
}

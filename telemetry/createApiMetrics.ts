import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { collectProcessMetrics } from './collectProcessMetrics.ts'

/** What the API's process counts. Labels are routes' patterns, methods, codes and names of roles: bounded, and nobody's id. */
export type ApiMetrics = {
  /** Seconds from a request to the headers of its answer; its count is the number of requests. */
  requests: Histogram<'method' | 'route' | 'status'>
  /** Event streams that are open now. */
  openStreams: Gauge
  connections: Gauge<'role' | 'state'>
  /** Texts whose authors were asked whether they mean them, and what they did. */
  nudges: Counter<'outcome'>
  /** Everything, in Prometheus' text format. */
  read(): Promise<string>
}

/** Metrics of one process, in a registry of their own. */
export const createApiMetrics = (): ApiMetrics => {
  const registry = new Registry()
  collectProcessMetrics(registry)
  return {
    requests: new Histogram({
      name: 'hallpass_http_request_duration_seconds',
      help: 'Time from a request to the headers of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    openStreams: new Gauge({ name: 'hallpass_event_streams', help: 'Event streams that are open.', registers: [registry] }),
    connections: createConnectionsGauge(registry),
    nudges: new Counter({
      name: 'hallpass_nudges_total',
      help: 'Authors who were asked whether they mean to post a text, and what they did.',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    read: () => registry.metrics(),
  }
}

/** Of the pools of connections to Postgres: how many are used, idle, and how many transactions wait for one. */
export const createConnectionsGauge = (registry: Registry): Gauge<'role' | 'state'> =>
  new Gauge({
    name: 'hallpass_database_connections',
    help: 'Connections to Postgres by role: used, idle, and transactions that wait for one.',
    labelNames: ['role', 'state'],
    registers: [registry],
  })

import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { collectProcessMetrics } from './collectProcessMetrics.ts'
import { createConnectionsGauge } from './createApiMetrics.ts'

/** What the worker's process counts itself.. */
export type WorkerMetrics = {
  /** Runs that ended in this process, by workflow and outcome. */
  runsEnded: Counter<'workflow' | 'outcome'>
  /** Seconds of one scan by the engine, by what it said; `error` when it said nothing that counts. */
  scans: Histogram<'result'>
  scannedBytes: Counter
  /** 1 for the standing that the engine has, 0 for the others. */
  scannerStanding: Gauge<'standing'>
  /** When the engine's signatures were published, in seconds since 1970; without a sample when they carry no date. */
  signaturesPublished: Gauge
  connections: Gauge<'role' | 'state'>
  /** A gauge whose value is asked for at every scrape. One that cannot be read is left out, and counted. */
  collect(gauge: CollectedGauge): void
  /** Everything, in Prometheus' text format. */
  read(): Promise<string>
}

export type Sample = { labels?: Record<string, string>; value: number }
export type CollectedGauge = {
  name: string
  help: string
  labelNames?: readonly string[]
  read: () => Promise<readonly Sample[]>
}

/** Metrics of one process, in a registry of their own. */
export const createWorkerMetrics = (): WorkerMetrics => {
  const registry = new Registry()
  const registers = [registry]
  collectProcessMetrics(registry)
  const failures = new Counter({
    name: 'hallpass_collect_failures_total',
    help: 'Values that could not be read for a scrape, by metric.',
    labelNames: ['metric'],
    registers,
  })
  return {
    runsEnded: new Counter({
      name: 'hallpass_runs_ended_total',
      help: 'Runs of workflows that ended, by workflow and outcome.',
      labelNames: ['workflow', 'outcome'],
      registers,
    }),
    scans: new Histogram({
      name: 'hallpass_scan_duration_seconds',
      help: 'Time of one scan by the engine, by what it said.',
      labelNames: ['result'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 180],
      registers,
    }),
    scannedBytes: new Counter({ name: 'hallpass_scanned_bytes_total', help: 'Bytes that the engine gave a verdict on.', registers }),
    scannerStanding: new Gauge({
      name: 'hallpass_scanner_standing',
      help: 'Whether the engine proved that it carries our settings: 1 for the standing that it has.',
      labelNames: ['standing'],
      registers,
    }),
    signaturesPublished: withoutSample(
      new Gauge({
        name: 'hallpass_scanner_signatures_published_timestamp_seconds',
        help: 'When the signatures of the engine were published.',
        registers,
      }),
    ),
    connections: createConnectionsGauge(registry),
    collect: ({ name, help, labelNames = [], read }) => {
      failures.inc({ metric: name }, 0)
      registry.registerMetric(
        new Gauge({
          name,
          help,
          labelNames,
          registers: [],
          async collect() {
            this.reset()
            if (labelNames.length === 0) this.remove()
            try {
              for (const { labels = {}, value } of await read()) this.set(labels, value)
            } catch {
              failures.inc({ metric: name })
            }
          },
        }),
      )
    },
    read: () => registry.metrics(),
  }
}

/** A gauge without labels begins with a 0, which would be a value. */
const withoutSample = (gauge: Gauge): Gauge => {
  gauge.remove()
  return gauge
}

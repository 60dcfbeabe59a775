import { createServer, type AddressInfo } from 'node:net'
import { Runtime } from '@temporalio/worker'
import type { Logger } from 'pino'
import { toTemporalLogger } from './toTemporalLogger.ts'

/** Reads the metrics of Temporal's SDK, in Prometheus' text format. */
export type ReadSdkMetrics = () => Promise<string>

/**
 * Installs the SDK's runtime. It publishes its metrics by a listener of its own only, so it is given a free port of loopback, and the worker's
 * `/metrics` hands on what it says. Our own handler drains, so the SDK takes no signals.
 */
export const installRuntime = async (log: Logger): Promise<ReadSdkMetrics> => {
  const address = `127.0.0.1:${await findFreePort()}`
  Runtime.install({
    logger: toTemporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: 'warn', forward: {} },
      metrics: {
        prometheus: { bindAddress: address, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
        attachServiceName: false,
      },
    },
  })
  return async () => {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(2_000) })
    return answer.text()
  }
}

const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

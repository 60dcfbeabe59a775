import { InvalidConfig } from '../clients/readEnvironment.ts'
import { redactedNames } from '../db/dataClasses.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { createApiMetrics } from '../telemetry/createApiMetrics.ts'
import { endOnUncaught } from '../telemetry/endOnUncaught.ts'
import { openLog } from '../telemetry/openLog.ts'
import { defaultStreamPace } from './apiDeps.ts'
import { createApp } from './app.ts'
import { readApiConfig } from './config.ts'
import { closeServer, drain } from './drain.ts'
import { listen } from './listen.ts'
import { createMetricsApp } from './metricsApp.ts'
import { openAdapters } from './openAdapters.ts'

const main = async (): Promise<void> => {
  const config = readApiConfig(process.env)
  const log = openLog({ component: 'api', level: config.logLevel, guardedNames: redactedNames })
  const adapters = await openAdapters(config, log)
  const metrics = createApiMetrics()
  const departure = { leaving: new AbortController(), closing: new AbortController() }
  const { publicUrl, webOrigins } = config.http
  const { uploadTicketSeconds, taskQueues } = config
  const app = createApp({
    ...adapters.deps,
    publicUrl,
    webOrigins,
    uploadTicketSeconds,
    taskQueues,
    log,
    metrics,
    pace: defaultStreamPace,
    leaving: departure.leaving.signal,
    closing: departure.closing.signal,
  })
  const { server, port } = await listen(app, config.http)
  const metricsServer = await listen(createMetricsApp(metrics, adapters.deps), config.metrics)
  log.info({ port, metricsPort: metricsServer.port }, 'listening')

  const stop = async (): Promise<void> => {
    if (departure.leaving.signal.aborted) return
    log.info('draining')
    await drain(server, departure, config.drainPace)
    await closeServer(metricsServer.server, config.drainPace.cutMs)
    await adapters.close()
    log.info('stopped')
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}

/** Our own refusals name variables and never values; of anything else only the kind is told. */
const explain = (error: unknown): string => {
  if (error instanceof InvalidConfig) return error.message
  return `The API could not start: ${JSON.stringify(toLoggableFault(error))}`
}

endOnUncaught('api')

try {
  await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

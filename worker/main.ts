/** The worker's process: reads the environment, starts, and drains on SIGTERM or SIGINT. */
import { InvalidConfig } from '../clients/readEnvironment.ts'
import { redactedNames } from '../db/dataClasses.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { endOnUncaught } from '../telemetry/endOnUncaught.ts'
import { openLog } from '../telemetry/openLog.ts'
import { readWorkerConfig } from './config.ts'
import { installRuntime } from './installRuntime.ts'
import { startWorker, type StartedWorker } from './startWorker.ts'

const readConfigOrExit = (): ReturnType<typeof readWorkerConfig> => {
  try {
    return readWorkerConfig(process.env)
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(2)
  }
}

endOnUncaught('worker')
const config = readConfigOrExit()
const log = openLog({ component: 'worker', level: config.logLevel, guardedNames: redactedNames })
const readSdkMetrics = await installRuntime(log)

let worker: StartedWorker
try {
  worker = await startWorker(config, log, readSdkMetrics)
} catch (error) {
  log.fatal({ fault: toLoggableFault(error) }, 'worker cannot start')
  process.exit(1)
}
log.info({ healthPort: worker.healthPort }, 'worker started')

let isDraining = false
const drain = async (why: string, exitCode: number): Promise<void> => {
  if (isDraining) return
  isDraining = true
  log.info({ why }, 'worker draining')
  await worker.drain()
  log.info('worker ended')
  process.exit(exitCode)
}
process.once('SIGTERM', () => void drain('SIGTERM', 0))
process.once('SIGINT', () => void drain('SIGINT', 0))
worker.ended.catch((error: unknown) => {
  log.fatal({ fault: toLoggableFault(error) }, 'a worker ended by itself')
  return drain('worker fault', 1)
})

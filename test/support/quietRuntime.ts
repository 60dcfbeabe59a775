import { Runtime } from '@temporalio/worker'
import { openLog } from '../../telemetry/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

// One runtime per process, installed by being imported. The SDK's own lines would drown the tests'.
Runtime.install({
  logger: toTemporalLogger(openLog({ component: 'worker', level: 'silent', guardedNames: [] })),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: 'error', forward: {} } },
})

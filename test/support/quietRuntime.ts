import { Runtime } from '@temporalio/worker'
import { openLog } from '../../worker/openLog.ts'
import { toTemporalLogger } from '../../worker/toTemporalLogger.ts'

// One runtime per process, installed by being imported. The SDK's own lines would drown the tests'.
Runtime.install({
  logger: toTemporalLogger(openLog('silent')),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: 'error', forward: {} } },
})

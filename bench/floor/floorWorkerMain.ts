/** A worker like the product's, on queues of its own, that runs the floor. Says `ready` when it polls. */
import { fileURLToPath } from 'node:url'
import { bundleWorkflows } from '../../worker/bundleWorkflows.ts'
import { readWorkerConfig } from '../../worker/config.ts'
import { openAdapters } from '../../worker/openAdapters.ts'
import { runWorkers } from '../../worker/runWorkers.ts'
import { toStreamsQueue } from '../../workflows/contract.ts'
import { floorActivities } from './floorActivities.ts'

const config = readWorkerConfig(process.env)
const adapters = await openAdapters(config)
const workflowBundle = await bundleWorkflows(adapters.dataConverter, {
  workflowsPath: fileURLToPath(new URL('./floorWorkflow.ts', import.meta.url)),
})
const { attachments } = config.taskQueues
const workers = await runWorkers({
  connection: adapters.connection,
  namespace: config.temporal.namespace,
  dataConverter: adapters.dataConverter,
  workflowBundle,
  onRunEnded: () => undefined,
  queues: [
    { taskQueue: attachments, concurrentActivities: 20, activities: floorActivities },
    {
      taskQueue: toStreamsQueue(attachments),
      concurrentActivities: config.concurrentScans,
      activities: floorActivities,
      isForActivitiesOnly: true,
    },
  ],
})
process.stdout.write('ready\n')
process.once('SIGTERM', () => {
  void workers.drain().then(() => process.exit(0))
})

import type { DataConverter } from '@temporalio/common'
import { NativeConnection, Worker } from '@temporalio/worker'
import { fileURLToPath } from 'node:url'
import type { TemporalServer } from '../support/temporalServer.ts'

export const echoTaskQueue = 'echo'

/** A worker that runs `echoWorkflows.ts`. */
export const startEchoWorker = async (server: TemporalServer, dataConverter: DataConverter): Promise<{ stop(): Promise<void> }> => {
  const connection = await NativeConnection.connect({ address: server.address })
  const worker = await Worker.create({
    connection,
    namespace: server.namespace,
    taskQueue: echoTaskQueue,
    dataConverter,
    workflowsPath: fileURLToPath(new URL('./echoWorkflows.ts', import.meta.url)),
    activities: { echo: async (text: string) => `echo ${text}` },
  })
  const running = worker.run()
  return {
    async stop() {
      worker.shutdown()
      await running
      await connection.close()
    },
  }
}

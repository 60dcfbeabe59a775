import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { workerEnvironment } from '../../stack/appEnvironment.ts'
import type { SupervisedProcess } from '../../stack/processes/startSupervisor.ts'
import { childEnvironment } from '../../stack/servers/childEnvironment.ts'
import type { Stack } from '../../stack/startStack.ts'

const main = fileURLToPath(new URL('./floorWorkerMain.ts', import.meta.url))
let started = 0

/** The floor's worker as a process of its own, beside the product's. It ends with the stack. */
export const startFloorWorker = async (stack: Stack, taskQueue: string): Promise<SupervisedProcess> => {
  started += 1
  const name = `floor-${started}`
  const logFile = join(stack.folder, 'logs', `${name}.log`)
  const env = childEnvironment({ ...workerEnvironment(stack), TASK_QUEUE_ATTACHMENTS: taskQueue, LOG_LEVEL: 'warn' })
  const worker = await stack.supervisor.start({ name, command: process.execPath, args: [main], env, cwd: stack.folder, logFile })
  while (!readFileSync(logFile, 'utf8').includes('ready')) {
    if (worker.hasExited()) throw new Error(`the floor's worker ended; see ${logFile}`)
    await wait(100)
  }
  return worker
}

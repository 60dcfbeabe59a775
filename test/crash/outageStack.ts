import pg from 'pg'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { openDatabase } from '../../db/openDatabase.ts'
import { keyPaths, workerEnvironment } from '../../stack/appEnvironment.ts'
import { startApps, type Apps } from '../../stack/startApps.ts'
import { startStack, type Stack } from '../../stack/startStack.ts'
import { readWorkerConfig, type WorkerConfig } from '../../worker/config.ts'
import { openAdapters, type Adapters } from '../../worker/openAdapters.ts'
import { seedChannel, type SeededChannel } from '../support/seedChannel.ts'
import { signIn } from '../support/signIn.ts'
import { hastyWorld } from './hastyWorld.ts'

/** Servers, API and worker of one test file's own, so that it can take any of them away; and a teacher and a student who write with each other. */
export type OutageStack = {
  stack: Stack
  apps: Apps
  channel: SeededChannel
  /** The teacher's session. */
  token: string
  studentToken: string
  superuser(): Promise<pg.Client>
  /** What the schedules act on, with windows that are over. */
  openRepair(): Promise<{ config: WorkerConfig; adapters: Adapters }>
  close(): Promise<void>
}

export const openOutageStack = async (folder: string, environment: Record<string, string>): Promise<OutageStack> => {
  const stack = await startStack({ folder, isFresh: true, log: 'silent' })
  const apps = await startApps(stack, { log: 'silent', environment })
  const app = await openDatabase({ url: stack.postgres.urls.app })
  const keyService = await openLocalKeyService(keyPaths(stack).keyFolder)
  const channel = await seedChannel(app, createDistrictKeys({ database: app, keyService }))
  const { token } = await signIn(app, channel.districtId, channel.teacherId)
  const { token: studentToken } = await signIn(app, channel.districtId, channel.studentId)
  await app.close()
  const connect = async (): Promise<pg.Client> => {
    const url = new URL(stack.postgres.urls.app)
    const { username, password } = new URL(stack.postgres.urls.superuser)
    Object.assign(url, { username, password })
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    return client
  }
  return {
    stack,
    apps,
    channel,
    token,
    studentToken,
    superuser: connect,
    openRepair: async () => {
      const config = { ...readWorkerConfig(workerEnvironment(stack)), ...hastyWorld }
      return { config, adapters: await openAdapters(config) }
    },
    close: async () => {
      await apps.stop()
      await stack.stop()
    },
  }
}

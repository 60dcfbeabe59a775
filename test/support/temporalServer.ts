import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { findBinary } from '../../stack/binaries/findBinary.ts'
import { dispatchSettings } from '../../stack/servers/temporal.ts'
import { searchAttributes } from '../../workflows/contract.ts'

export type TemporalServer = {
  address: string
  namespace: string
  /** The `temporal` program, to speak to it as an engineer does. */ binary: string
  stop(): Promise<void>
}

/** A Temporal server of one test file's own, in memory, for tests that stop it or count everything in it. */
export const startTemporalServer = async (options: { address?: string } = {}): Promise<TemporalServer> => {
  const binary = await findBinary('temporal', () => undefined)
  const address = options.address ?? `127.0.0.1:${await freePort()}`
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`])
  const isolated = ['--disable-config-file', '--disable-config-env', '--log-level', 'error', '--headless']
  const settings = dispatchSettings.flatMap((setting) => ['--dynamic-config-value', setting])
  const args = [
    'server',
    'start-dev',
    ...settings,
    ...isolated,
    '--ip',
    '127.0.0.1',
    '--port',
    address.split(':')[1] as string,
    ...attributes,
  ]
  const child = spawn(binary, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await untilItAnswers(address)
  return {
    address,
    namespace: 'default',
    binary,
    async stop() {
      child.kill()
      await ended
    },
  }
}

const untilItAnswers = async (address: string): Promise<void> => {
  const connection = Connection.lazy({ address })
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await connection.withDeadline(Date.now() + 1_000, () => connection.workflowService.describeNamespace({ namespace: 'default' }))
        return
      } catch (error) {
        if (attempt === 100) throw error
        await wait(200)
      }
    }
  } finally {
    await connection.close()
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { findClamd } from '../../stack/binaries/findClamd.ts'
import { startSupervisor } from '../../stack/processes/startSupervisor.ts'
import { askClamd, signatures, startClamd } from '../../stack/servers/clamd.ts'

export type VersionedClamd = {
  host: string
  port: number
  /** From now on the engine says that its daily database has this number. */
  setVersion(databaseVersion: string): void
  /** Teaches the engine that these bytes, anywhere in a file, are malware; resolves when it has loaded that. */
  learn(name: string, marker: string): Promise<void>
  stop(): Promise<void>
}

/**
 * A real clamd of its own, whose signatures grow, behind a door that answers `VERSION` for it: only a database that ClamAV's makers signed has
 * a daily number. Everything else is the engine's own.
 */
export const startVersionedClamd = async (databaseVersion: string): Promise<VersionedClamd> => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-clamd-'))
  const database = join(folder, 'signatures')
  await cp(signatures, database, { recursive: true })
  const supervisor = startSupervisor(folder)
  const port = await freePort()
  const context = { supervisor, folder, tell: () => undefined }
  const engine = await startClamd(context, { binary: await findClamd(() => undefined), port, databaseFolder: database })
  let version = databaseVersion
  const door = await openDoor(engine.address, () => `ClamAV 1.4.6/${version}/Mon Jan  5 09:00:00 2026`)
  return {
    host: '127.0.0.1',
    port: door.port,
    setVersion: (next) => {
      version = next
    },
    learn: async (name, marker) => {
      await appendFile(join(database, 'learned.ndb'), `${name}:0:*:${Buffer.from(marker).toString('hex')}\n`)
      // clamd loads nothing while anybody holds a session.
      door.hangUp()
      await askClamd(engine.address, 'RELOAD')
      await vi.waitFor(async () => {
        if (!(await scan(engine.address, marker)).includes(name)) throw new Error('not loaded yet')
      }, 20_000)
    },
    stop: async () => {
      await door.stop()
      await supervisor.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const scan = async (address: { host: string; port: number }, content: string): Promise<string> => {
  const socket = net.connect(address)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(content))
  socket.write(Buffer.concat([Buffer.from('zINSTREAM\0'), length, Buffer.from(content), Buffer.alloc(4)]))
  let answer = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString('latin1')
  return answer
}

/** Passes connections on, but for those that ask for the version. */
const openDoor = async (target: { host: string; port: number }, version: () => string) => {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    sockets.add(client)
    client.on('error', () => client.destroy()).on('close', () => sockets.delete(client))
    client.once('data', (first: Buffer) => {
      if (first.toString('latin1').startsWith('zVERSION')) {
        client.end(`${version()}\0`)
        return
      }
      const upstream = net.connect(target)
      sockets.add(upstream)
      upstream.on('error', () => client.destroy()).on('close', () => (sockets.delete(upstream), client.destroy()))
      client.on('close', () => upstream.destroy())
      upstream.write(first)
      client.pipe(upstream).pipe(client)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as net.AddressInfo).port,
    hangUp,
    stop: async () => {
      hangUp()
      server.close()
      await once(server, 'close')
    },
  }
}

import { createHash } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * An address that one process can listen on, and that the kernel frees when that process ends in any way: so no lock is ever left
 * behind, and there is none to take over. On Linux an abstract socket, elsewhere a loopback port.
 */
const toAddress = (name) => {
  const hash = createHash('sha256').update(name).digest()
  if (process.platform === 'linux') return { path: `\0hallpass-${hash.toString('hex').slice(0, 40)}` }
  return { host: '127.0.0.1', port: 49_152 + (hash.readUInt16BE(0) % 16_384) }
}

/** The server that is the lock, or null while another process has it. Whoever connects is told our pid. */
const tryToTake = (address) =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(String(process.pid))
    })
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    server.listen({ ...address, exclusive: true }, () => resolve(server))
  })

/** The pid of who holds the lock; null when it was let go meanwhile. */
const askHolder = async (address) => {
  try {
    return Number(await text(connect(address))) || null
  } catch {
    return null
  }
}

/**
 * Runs `work` while no other process of this machine holds the lock `name` (a path that stands for what is locked). A holder that dies
 * lets go. `onWait` is called once with the holder's pid if somebody else has it.
 */
export const holdLock = async (name, onWait, work) => {
  const address = toAddress(name)
  let hasTold = false
  let lock
  while ((lock = await tryToTake(address)) === null) {
    const holder = hasTold ? null : await askHolder(address)
    if (holder !== null) {
      onWait(holder)
      hasTold = true
    }
    await wait(100)
  }
  try {
    return await work()
  } finally {
    await new Promise((resolve) => lock.close(resolve))
  }
}

import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

// Below the range from which systems take ports for outgoing connections, so that nobody borrows ours between two starts.
const lowest = 20_000
const highest = 29_999

/**
 * A free loopback port for each name. What was chosen before is chosen again while it is free, so
 * that addresses stay the same from start to start; `folder` remembers.
 */
export const choosePorts = async <Name extends string>(folder: string, names: readonly Name[]): Promise<Record<Name, number>> => {
  const file = join(folder, 'ports.json')
  const remembered = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, number>>) : {}
  const chosen = {} as Record<Name, number>
  for (const name of names) {
    let port = remembered[name] ?? randomInt(lowest, highest)
    while (Object.values(chosen).includes(port) || !(await isFree(port))) port = randomInt(lowest, highest)
    chosen[name] = port
  }
  writeFileSync(file, JSON.stringify({ ...remembered, ...chosen }, null, 2))
  return chosen
}

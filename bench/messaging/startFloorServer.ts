import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./floorServerMain.ts', import.meta.url))

/** The floor as a process of its own, as the API is one. */
export const startFloorServer = async (databaseUrl: string): Promise<{ url: string; stop(): Promise<void> }> => {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, FLOOR_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => [''])])) as [Buffer | string]
  const port = Number(line.toString().trim())
  if (!(port > 0)) throw new Error('the floor did not start')
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

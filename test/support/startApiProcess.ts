import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { inject } from 'vitest'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { bareEnvironment } from './bareEnvironment.ts'

/** The API's real process, as production runs it, on a free port. */
export type ApiProcess = {
  child: ChildProcess
  /** Where it listens. Rejects with its exit code when it ends before. */
  url: Promise<string>
  /** Everything it wrote to its log, when it has ended. */
  log: Promise<string>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

/** What an API's process would be told to work beside the worker of this world. */
const toApiEnvironment = ({ environment, database }: AttachmentWorld): Record<string, string> => {
  const { api, endpoint } = inject('stack').s3
  const shared = Object.entries(environment).filter(([name]) => !/^(S3_SCANNER|CLAMD|SMTP|PAGER|DATABASE)/.test(name))
  return {
    ...Object.fromEntries(shared),
    DATABASE_URL_APP: database.urls.app,
    DATABASE_URL_AUTH: database.urls.auth,
    S3_PUBLIC_ENDPOINT: endpoint,
    S3_API_ACCESS_KEY: api.accessKeyId,
    S3_API_SECRET_KEY: api.secretAccessKey,
    API_HOST: '127.0.0.1',
    API_PORT: '0',
    API_METRICS_PORT: '0',
    API_LEAVE_SECONDS: '0',
    API_PUBLIC_URL: 'http://127.0.0.1:8080',
  }
}

export const startApiProcess = (world: AttachmentWorld, change: Record<string, string> = {}): ApiProcess => {
  const child = spawn(process.execPath, ['api/main.ts'], {
    env: { ...bareEnvironment(), ...toApiEnvironment(world), ...change },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const log = Promise.all([text(child.stdout), text(child.stderr)]).then((parts) => parts.join(''))
  const url = new Promise<string>((resolve, reject) => {
    let lines = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      lines += chunk.toString()
      const port = /"port":(\d+)[^\n]*"listening"/.exec(lines)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
    void ended.then(([code]) => reject(new Error(`the API ended with ${code}`)))
  })
  url.catch(() => undefined)
  return {
    child,
    url,
    log,
    kill: async (signal) => {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

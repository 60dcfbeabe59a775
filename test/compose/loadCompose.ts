import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Compose's own loader: it checks the file against the schema and itself, and resolves merges, variables and short forms. */
const loader = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export type Service = {
  image: string
  user?: string
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
  env_file?: unknown
  privileged?: boolean
  read_only?: boolean
  cap_add?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  restart?: string
  network_mode?: string
  pid?: string
  ipc?: string
  devices?: unknown[]
  profiles?: string[]
  build?: { context: string }
  networks?: Record<string, unknown>
  ports?: { host_ip?: string; published: string; target: number }[]
  secrets?: { source: string; target?: string }[]
  volumes?: { type: string; source?: string; target: string; read_only?: boolean }[]
  healthcheck?: { test: string[]; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
  deploy?: { resources?: { limits?: { cpus?: string; memory?: string; pids?: number } } }
}

export type Compose = {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean; driver_opts?: Record<string, string> }>
  volumes: Record<string, unknown>
  secrets: Record<string, { file?: string }>
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/**
 * The file as Compose understands it, by the loader that Docker Compose is built on (`go`), or by Docker Compose itself.
 * @throws with the loader's own words when the file is not valid.
 */
export const loadCompose = async (): Promise<Compose> => {
  const env = { ...process.env, HALLPASS_VERSION: '' }
  const file = 'docker-compose.yml'
  const byGo = run('go', ['run', loader, '-format', 'json', file], { cwd: root, env, maxBuffer: 16 << 20 })
  const { stdout } = await byGo.catch((error: unknown) => {
    if (!isMissing(error)) throw error
    const command = ['compose', '--profile', '*', '--file', file, 'config', '--format', 'json']
    return run('docker', command, { cwd: root, env, maxBuffer: 16 << 20 }).catch((second: unknown) => {
      if (!isMissing(second)) throw second
      throw new Error('neither go nor docker is there to load docker-compose.yml; mend: install Go 1.21 or newer', { cause: second })
    })
  })
  return JSON.parse(stdout) as Compose
}

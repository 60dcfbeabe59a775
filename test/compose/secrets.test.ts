import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiVariables, readApiConfig } from '../../api/config.ts'
import { oncallVariables, readOncallConfig } from '../../oncall/config.ts'
import { readWorkerConfig, workerVariables } from '../../worker/config.ts'
import { loadCompose, root } from './loadCompose.ts'
import type { Compose } from './loadCompose.ts'

const run = promisify(execFile)
const script = `${root}deploy/write-secrets.sh`
let home: string
let folder: string
let compose: Compose

const write = (to: string): Promise<unknown> =>
  run('sh', [script, to], { env: { PATH: process.env['PATH'], PAGER_ROUTING_KEY: 'a-routing-key' } })
const readAll = async (from: string): Promise<Map<string, string>> =>
  new Map(await Promise.all((await readdir(from)).map(async (name) => [name, await readFile(join(from, name), 'utf8')] as const)))
/** Generated secrets: 256 bits in hex. */
const findSecrets = (texts: Iterable<string>): Set<string> => new Set([...texts].flatMap((text) => text.match(/[0-9a-f]{64}/g) ?? []))
/** What the process of a service is told: the file of its `--env-file` and the compose file, which wins. */
const environmentOf = async (name: 'api' | 'worker' | 'oncall'): Promise<Record<string, string>> => {
  const service = compose.services[name]
  expect([...(service?.entrypoint ?? []), ...(service?.command ?? [])]).toContain(`--env-file=/run/secrets/${name}.env`)
  expect(service?.secrets?.map(({ source }) => source)).toEqual([`${name}.env`])
  return { ...(parseEnv(await readFile(join(folder, `${name}.env`), 'utf8')) as Record<string, string>), ...service?.environment }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hallpass-secrets-'))
  folder = join(home, 'secrets')
  await write(folder)
  compose = await loadCompose()
}, 300_000)
afterAll(() => rm(home, { recursive: true, force: true }))

describe('deploy/write-secrets.sh', () => {
  it('writes every file that the compose file mounts, and one more for engineers', async () => {
    const mounted = Object.values(compose.secrets).map(({ file }) => basename(file ?? ''))
    expect((await readdir(folder)).toSorted()).toEqual([...mounted, 'codec-token'].toSorted())
  })

  it('lets nobody but the owner of the folder near them', async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'codec-token'))).mode & 0o777).toBe(0o600)
    // Containers of different users read these through their mounts.
    expect((await stat(join(folder, 'worker.env'))).mode & 0o777).toBe(0o444)
  })

  it('overwrites nothing', async () => {
    const before = await readAll(folder)
    await expect(write(folder)).rejects.toThrow(/exists already/)
    expect(await readAll(folder)).toEqual(before)
  })

  it('makes other secrets every time', async () => {
    const again = join(home, 'again')
    await write(again)
    const [first, second] = [findSecrets((await readAll(folder)).values()), findSecrets((await readAll(again)).values())]
    expect(first.size).toBeGreaterThanOrEqual(12)
    expect([...first].filter((secret) => second.has(secret))).toEqual([])
  })

  it('refuses to go on without somebody to page', async () => {
    await expect(run('sh', [script, join(home, 'none')], { env: { PATH: process.env['PATH'] } })).rejects.toThrow(/PAGER_ROUTING_KEY/)
  })
})

describe('what the compose file tells', () => {
  it('the API, is what the API asks for, all of it and nothing else', async () => {
    const environment = await environmentOf('api')
    expect(Object.keys(environment).toSorted()).toEqual(apiVariables.toSorted())
    const config = readApiConfig(environment)
    expect(config.keys).toEqual({ kind: 'local', file: '/var/lib/hallpass/keys/service' })
    expect(new URL(config.databaseUrls.app).hostname).toBe('postgres')
  })

  it('the worker, is what the worker asks for, all of it and nothing else', async () => {
    const environment = await environmentOf('worker')
    expect(Object.keys(environment).toSorted()).toEqual(workerVariables.toSorted())
    const config = readWorkerConfig(environment)
    expect(config.clamd).toEqual({ host: 'clamd', port: 3310 })
    expect(config.codec?.engineers).toEqual([{ name: expect.stringMatching(/^[\w.-]+$/), tokenSha256: expect.any(String) }])
  })

  it('the on-call command, is what it asks for, all of it and nothing else, and no credential of the other two', async () => {
    const environment = await environmentOf('oncall')
    expect(Object.keys(environment).toSorted()).toEqual(oncallVariables.toSorted())
    expect(readOncallConfig(environment).KEY_FILE).toBe('/var/lib/hallpass/keys/service')
    const known = findSecrets([...Object.values(await environmentOf('api')), ...Object.values(await environmentOf('worker'))])
    expect([...findSecrets(Object.values(environment))].filter((secret) => known.has(secret))).toEqual([])
  })

  it('the one, holds no credential of the other but the role that both act as', async () => {
    const [api, worker] = [await environmentOf('api'), await environmentOf('worker')]
    const known = findSecrets(Object.values(worker))
    const shared = [...findSecrets(Object.values(api))].filter((secret) => known.has(secret))
    expect(shared.map((secret) => api['DATABASE_URL_APP']?.includes(secret))).toEqual([true])
  })
})

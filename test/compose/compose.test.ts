import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { searchAttributes } from '../../workflows/contract.ts'
import { loadCompose, root } from './loadCompose.ts'
import type { Compose, Service } from './loadCompose.ts'

let compose: Compose
let services: [string, Service][]
const isJob = (service: Service): boolean => service.restart !== 'unless-stopped'
/** The names of the services that `holds` is not true of. */
const except = (holds: (service: Service, name: string) => boolean): string[] =>
  services.filter(([name, service]) => !holds(service, name)).map(([name]) => name)

const servicesOn = (network: string): string[] =>
  services.filter(([, service]) => service.networks && network in service.networks).map(([name]) => name)

beforeAll(async () => {
  compose = await loadCompose()
  services = Object.entries(compose.services)
}, 300_000)

describe('docker-compose.yml', () => {
  it('has every role of the stack', () => {
    const roles = ['api', 'worker', 'postgres', 'temporal', 'temporal-ui', 'object-store', 'clamd', 'freshclam', 'migrate', 'mail']
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(roles))
    const onlyAsked = services.flatMap(([name, { profiles }]) => (profiles ? [`${name}: ${profiles.join()}`] : []))
    expect(onlyAsked.toSorted()).toEqual([
      'district: district',
      'mail: dev',
      'oncall: oncall',
      'prometheus: prometheus',
      'sample-district: dev',
      'session: session',
    ])
  })

  it('names no service, network, volume or secret that is not there', () => {
    const missing = services.flatMap(([name, service]) => [
      ...Object.keys(service.depends_on ?? {}).filter((other) => !(other in compose.services)),
      ...Object.keys(service.networks ?? {}).filter((network) => !(network in compose.networks)),
      ...(service.secrets ?? []).map(({ source }) => source).filter((source) => !(source in compose.secrets)),
      ...(service.volumes ?? []).flatMap(({ type, source = '' }) =>
        type === 'volume' && !(source in compose.volumes) ? [`${name}: ${source}`] : [],
      ),
      ...(service.volumes ?? []).flatMap(({ type, source = '' }) => (type === 'bind' && !existsSync(source) ? [`${name}: ${source}`] : [])),
    ])
    expect(missing).toEqual([])
  })

  it('gives no container a privilege, but one job the right to give volumes away', () => {
    expect(except(({ cap_drop: dropped }) => dropped?.join() === 'ALL')).toEqual([])
    expect(except(({ security_opt: options }) => options?.includes('no-new-privileges:true') ?? false)).toEqual([])
    expect(except((service) => !service.privileged && !service.devices && !service.pid && !service.ipc)).toEqual([])
    expect(services.filter(([, { cap_add: added }]) => added).map(([name, { cap_add: added }]) => [name, added])).toEqual([
      ['prepare-volumes', ['CHOWN']],
    ])
  })

  it('runs nothing as root, but that one job, which has no network', () => {
    expect(except(({ user }) => user !== undefined && !/^(root|0)(:|$)/.test(user))).toEqual(['prepare-volumes'])
    expect(compose.services['prepare-volumes']?.network_mode).toBe('none')
  })

  it('lets no container change its own file system, but Temporal, which writes its configuration', () => {
    expect(except(({ read_only: isReadOnly }) => isReadOnly === true)).toEqual(['temporal'])
  })

  it('publishes ports on loopback only, and no port of the database, the scanner or Temporal', () => {
    const published = services.flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${port.host_ip ?? '*'}:${port.published} ${name}:${port.target}`),
    )
    expect(published.toSorted()).toEqual([
      '127.0.0.1:1080 mail:1080',
      '127.0.0.1:7070 object-store:7070',
      '127.0.0.1:8080 api:8080',
      '127.0.0.1:8233 temporal-ui:8080',
      '127.0.0.1:9090 prometheus:9090',
    ])
  })

  it('reaches the database, the scanner and Temporal over networks that lead nowhere else', () => {
    for (const name of ['postgres', 'clamd', 'temporal']) {
      const networks = Object.keys(compose.services[name]?.networks ?? {})
      expect(networks.length).toBeGreaterThan(0)
      expect(networks.filter((network) => compose.networks[network]?.internal !== true)).toEqual([])
    }
  })

  it('lets containers on a network that is open see nobody else on it, and never puts two that talk on one', () => {
    const open = Object.entries(compose.networks).filter(([, network]) => network.internal !== true)
    expect(open.filter(([, network]) => network.driver_opts?.['com.docker.network.bridge.enable_icc'] !== 'false')).toEqual([])
    // Neighbours on an open network may share a closed one as well only if neither calls the other: a name could lead to the shut door.
    expect(Object.fromEntries(open.map(([network]) => [network, servicesOn(network)]))).toEqual({
      edge: ['api'],
      uploads: ['object-store'],
      engineers: ['mail', 'prometheus', 'temporal-ui'],
      outbound: ['freshclam', 'worker'],
    })
  })

  it('checks the health of every server, and waits for health or for the end of a job, never for a mere start', () => {
    expect(except((service) => isJob(service) || (service.healthcheck?.test.length ?? 0) > 1)).toEqual([])
    for (const [, { depends_on: needed = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needed)) {
        const other = compose.services[name]
        expect([name, condition]).toEqual([name, other && isJob(other) ? 'service_completed_successfully' : 'service_healthy'])
      }
    }
  })

  it('bounds the processors, the memory and the processes of every container', () => {
    expect(
      except(
        ({ deploy }) =>
          Object.keys(deploy?.resources?.limits ?? {})
            .toSorted()
            .join() === 'cpus,memory,pids',
      ),
    ).toEqual([])
  })

  it('pins every image to a full version', () => {
    expect(except(({ image }) => image === 'hallpass:local' || /:v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$/.test(image))).toEqual([])
  })

  it('holds no secret: they are files, and no value looks like one', () => {
    expect(except(({ env_file: file }) => file === undefined)).toEqual([])
    const values = services.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment).map(([key, value]) => ({ name, key, value })),
    )
    const secretive = values.filter(({ key }) => /PASSWORD|PWD|SECRET|TOKEN|KEY/.test(key))
    expect(secretive.filter(({ key, value }) => !(key.endsWith('_FILE') && value.startsWith('/')))).toEqual([])
    expect(values.filter(({ value }) => /\/\/[^/]*@|[A-Za-z0-9+/_-]{32,}/.test(value.replace(/^\/\S*$/, '')))).toEqual([])
    expect(Object.values(compose.secrets).filter(({ file }) => !file?.startsWith(`${root}deploy/secrets/`))).toEqual([])
  })

  it('runs clamd with the settings that the worker probes for', () => {
    const mounts = compose.services['clamd']?.volumes ?? []
    expect(mounts.find(({ target }) => target === '/etc/clamav/clamd.conf')).toMatchObject({
      source: `${root}deploy/clamav/clamd.conf`,
      read_only: true,
    })
  })

  it('lets Prometheus reach what it scrapes, by the names and ports of its own configuration, and nothing else', async () => {
    const { networks = {}, volumes = [] } = compose.services['prometheus'] ?? {}
    const mounted = volumes.filter(({ type }) => type === 'bind').map(({ source, target }) => [source, target])
    expect(mounted).toEqual(['prometheus.yml', 'alerts.yml'].map((file) => [`${root}deploy/prometheus/${file}`, `/etc/prometheus/${file}`]))
    const configuration = await readFile(`${root}deploy/prometheus/prometheus.yml`, 'utf8')
    const scraped = [...configuration.matchAll(/targets: \['([\w-]+):(\d+)'\]/g)].map(([, name = '', port]) => [name, port])
    const { api, worker } = compose.services
    expect(scraped).toEqual([
      ['api', api?.environment?.['API_METRICS_PORT']],
      ['worker', worker?.environment?.['WORKER_HEALTH_PORT']],
    ])
    const closed = Object.keys(networks).filter((network) => compose.networks[network]?.internal === true)
    expect(closed.map((network) => servicesOn(network))).toEqual([['api', 'prometheus', 'worker']])
  })

  it('shows the Temporal UI without write actions', () => {
    expect(compose.services['temporal-ui']?.environment?.['TEMPORAL_DISABLE_WRITE_ACTIONS']).toBe('true')
  })

  it('creates every search attribute of the contract, and keeps histories for 90 days', async () => {
    const script = await readFile(`${root}deploy/temporal/create-namespace.sh`, 'utf8')
    expect(/^for attribute in (.+); do$/m.exec(script)?.[1]?.split(' ')).toEqual(Object.keys(searchAttributes))
    expect(new Set(Object.values(searchAttributes))).toEqual(new Set(['Keyword']))
    expect(script).toContain(`retention=${90 * 24}h`)
  })
})

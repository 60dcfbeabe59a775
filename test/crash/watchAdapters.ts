import type { Client } from '@temporalio/client'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import type { EffectWatch } from './effectWatch.ts'

type Port = Record<string, unknown>
type Method = (...input: unknown[]) => unknown

/**
 * What changes nothing outside the process. Every other method of every adapter is an effect, one that is written tomorrow included.
 * What `districtKeys` writes goes through the database and the key service.
 */
const readsOnly: Readonly<Record<string, readonly string[]>> = {
  bucket: ['listVersions', 'allVersions', 'versionsUnder', 'read'],
  keys: ['unwrapDataKey', 'publicKey'],
  districtKeys: ['forDistrict'],
  scanner: ['probe', 'close'],
  // A pull asks for pages, and changes nothing where it asks.
  guardedFetch: ['send', 'close'],
  temporal: ['getHandle', 'describe', 'query', 'result', 'fetchHistory', 'list', 'count'],
}

/** What is no port: databases are watched at their driver, the rest carries bytes for the worker itself. */
const unwatched: readonly string[] = ['connection', 'dataConverter', 'codec', 'tracing', 'metrics', 'client', 'close']

const isDatabase = (value: object): boolean => 'kysely' in value
/** All buckets are one kind of port, whatever they are called. */
const toKind = (name: string, port: object): string => ('bucket' in port ? 'bucket' : name)
const isEffect = (kind: string, method: string): boolean => !(readsOnly[kind] ?? []).includes(method)

const findPorts = (adapters: Adapters): [string, Port][] =>
  Object.entries(adapters).flatMap(([name, value]): [string, Port][] =>
    unwatched.includes(name) || typeof value !== 'object' || value === null || isDatabase(value) ? [] : [[name, value as Port]],
  )

/** Every method of every port that is not known to only read, as `kind.method`. */
export const listEffectMethods = (adapters: Adapters): string[] => [
  ...new Set(
    findPorts(adapters).flatMap(([name, port]) => {
      const kind = toKind(name, port)
      const methods = Object.keys(port).filter((key) => typeof port[key] === 'function')
      return methods.filter((method) => isEffect(kind, method)).map((method) => `${kind}.${method}`)
    }),
  ),
]

/** The same adapters, every effect of which is seen. */
export const watchAdapters = (adapters: Adapters, watch: EffectWatch): Adapters => {
  const ports = Object.fromEntries(findPorts(adapters).map(([name, port]) => [name, watchPort(port, toKind(name, port), name, watch)]))
  const watched = { ...adapters, ...ports, client: watchClient(adapters.client, watch) }
  return { ...watched, districtKeys: createDistrictKeys({ database: adapters.app, keyService: watched.keys }) }
}

const watchPort = (port: Port, kind: string, name: string, watch: EffectWatch): Port =>
  Object.fromEntries(
    Object.entries(port).map(([key, value]) => {
      if (typeof value !== 'function' || !isEffect(kind, key)) return [key, value]
      return [key, (...input: unknown[]) => watch.around(`${name}.${key}`, async () => (value as Method).apply(port, input))]
    }),
  )

/** Only what is done to runs: schedules are the worker's start, not an activity's. */
const watchClient = (client: Client, watch: EffectWatch): Client => {
  const workflow = watchObject(client.workflow, watch)
  return new Proxy(client, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (key === 'workflow') return workflow
      return typeof value === 'function' ? (value as Method).bind(target) : value
    },
  })
}

const watchObject = <T extends object>(object: T, watch: EffectWatch): T =>
  new Proxy(object, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function' || typeof key !== 'string') return value
      if (key === 'getHandle') return (...input: unknown[]) => watchObject((value as Method).apply(target, input) as object, watch)
      if (!isEffect('temporal', key)) return (value as Method).bind(target)
      return (...input: unknown[]) => watch.around(`temporal.${key}`, async () => (value as Method).apply(target, input))
    },
  })

/** Fields of an environment that name where student data go: laws 10 and 12, checked before any connection is opened. */
import { z } from 'zod'
import { isLoopbackOrigin } from './guardedFetch/createGuardedFetch.ts'
import { isLoopbackEndpoint, isInternalEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'

/** An AWS region in the United States. */
export const usRegion = z.string().refine(isUsRegion, { error: 'expected an AWS region in the United States, such as us-east-1 (law 12)' })

const notResident = 'expected an endpoint of AWS in the United States, of this machine or of the compose network (law 12)'

/** An address of one of these protocols that may be given student data. */
export const residentUrl = (...protocols: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)), {
      error: `expected an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
      abort: true,
    })
    .refine(isResidentEndpoint, { error: notResident })

/** Outside loopback and the compose network every connection is TLS, verified. */
export const postgresUrl = residentUrl('postgres', 'postgresql')
  // The driver lets these parameters override the host that was checked above.
  .refine((value) => !['host', 'hostaddr', 'port'].some((name) => new URL(value).searchParams.has(name)), {
    error: 'expected the host in the address itself, not in a parameter',
  })
  .refine((value) => isInternalEndpoint(value) || new URL(value).searchParams.get('sslmode') === 'verify-full', {
    error: 'expected ?sslmode=verify-full, since the database is not on this machine or the compose network',
  })

const isTlsOrInternal = (value: string): boolean => isInternalEndpoint(value) || value.startsWith('https:')
const hasNoUser = (value: string): boolean => new URL(value).username === '' && new URL(value).password === ''
const withUser = { error: 'expected an address without a user or a password: addresses are shown' }
const notTls = { error: 'expected https://, since it is not on this machine or the compose network' }

/** An object store that may hold student data, or a collector of traces, which carry ids of people's acts. */
export const storeUrl = residentUrl('http', 'https').refine(hasNoUser, withUser).refine(isTlsOrInternal, notTls)

/** An address to which no student data go. It is shown in links, alerts and logs, so it holds nobody's name and no password. */
export const httpUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'expected an http(s) address',
    abort: true,
  })
  .refine(hasNoUser, withUser)
  .refine(isTlsOrInternal, notTls)

/** Where people reach something: https unless it is this machine. Without a path. */
export const publicUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'expected an http(s) address',
    abort: true,
  })
  .refine((value) => isLoopbackEndpoint(value) || value.startsWith('https:'), {
    error: 'expected https://, since it is not an address of this machine',
  })
  .transform((value) => new URL(value).origin)

/** `host:port`; the client speaks TLS wherever it is not on this machine or the compose network. */
export const temporalAddress = z
  .string()
  .regex(/^[^/@\s?#\\]+:\d+$/, { error: 'expected host:port', abort: true })
  .refine((address) => isResidentEndpoint(`grpc://${address}`), { error: notResident })

/** Origins of this machine, separated by commas: what a district names may lead there (docs/decisions/guarded-fetch.md). */
export const loopbackOrigins = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((origin) => origin !== ''))
  .refine((origins) => origins.every(isLoopbackOrigin), { error: 'expected origins of this machine, such as https://127.0.0.1:9443' })

/**
 * Lets an environment name `KEY_FILE` only if every one of `addresses` is on this machine or the compose network: keys on a local disk
 * guard nothing that others keep (law 10).
 */
export const allowLocalKeysInsideOnly = <Shape extends z.core.$ZodShape>(
  environment: z.ZodObject<Shape>,
  addresses: readonly (keyof Shape & string)[],
): z.ZodObject<Shape> => allowInsideOnly(environment, 'KEY_FILE', addresses, ': use the key service')

/** As `allowLocalKeysInsideOnly`, for origins of this machine that what a district names may lead to: a real worker's are the way into its own network. */
export const allowLoopbackOriginsInsideOnly = <Shape extends z.core.$ZodShape>(
  environment: z.ZodObject<Shape>,
  addresses: readonly (keyof Shape & string)[],
): z.ZodObject<Shape> => allowInsideOnly(environment, 'PULL_LOOPBACK_ORIGINS', addresses, '')

const allowInsideOnly = <Shape extends z.core.$ZodShape>(
  environment: z.ZodObject<Shape>,
  name: string,
  addresses: readonly (keyof Shape & string)[],
  mend: string,
): z.ZodObject<Shape> =>
  environment.superRefine((variables: Record<string, unknown>, context) => {
    const given = variables[name]
    if (given === undefined || (Array.isArray(given) && given.length === 0)) return
    const outside = addresses.filter((address) => typeof variables[address] === 'string' && !isInternalEndpoint(toUrl(variables[address])))
    if (outside.length === 0) return
    const message = `expected none, since ${outside.join(', ')} lead out of this machine and the compose network${mend}`
    context.addIssue({ code: 'custom', path: [name], message })
  })

/** Temporal's address has no protocol. */
const toUrl = (address: string): string => (address.includes('://') ? address : `grpc://${address}`)

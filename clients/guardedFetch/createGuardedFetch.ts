import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isLoopbackEndpoint } from '../../domain/residency.ts'
import { FetchFailed, FetchRefused } from './fetchFault.ts'
import { resolveBySystem, toGuardedLookup, type Resolve } from './guardedLookup.ts'
import { isPublicAddress } from './isPublicAddress.ts'

export type GuardedRequest = {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string
  /** For all of it: the name, the connection, and the last byte of the answer. */
  timeoutMs: number
  bytesMax: number
  signal?: AbortSignal
}

/** `headers` by their names in lower case; the first where one was sent twice. */
export type GuardedAnswer = { status: number; headers: ReadonlyMap<string, string>; body: Buffer }

export type GuardedFetch = {
  /** @throws FetchRefused | FetchFailed, or the reason of `signal`. No message names an address. */
  send(url: string, options: GuardedRequest): Promise<GuardedAnswer>
  close(): void
}

export type GuardOptions = {
  /** `https://127.0.0.1:9443` and the like, for stacks and tests: only these may lead to this machine, and to nothing else. */
  loopbackOrigins?: readonly string[]
  /** Who signs the certificates of those. */
  loopbackCa?: string
  resolve?: Resolve
}

const isLoopbackAddress = (address: string): boolean => address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)

const tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const

/**
 * Asks servers that a district names (OWASP, server-side request forgery): https only, to addresses of the public internet only, over a connection
 * to the very address that was checked; no redirect is followed, no proxy is used, and time and size are bounded.
 */
export const createGuardedFetch = ({ loopbackOrigins = [], loopbackCa, resolve = resolveBySystem }: GuardOptions = {}): GuardedFetch => {
  if (!loopbackOrigins.every(isLoopbackOrigin)) throw new Error('expected origins of this machine, such as https://127.0.0.1:9443')
  const inside = { mayReach: isLoopbackAddress, agent: new Agent({ ...tls, keepAlive: true, maxSockets: 4, ca: loopbackCa }) }
  const outside = { mayReach: isPublicAddress, agent: new Agent({ ...tls, keepAlive: true, maxSockets: 4 }) }
  return {
    send: async (address, options) => {
      const url = toUrl(address)
      const { mayReach, agent } = loopbackOrigins.includes(url.origin) ? inside : outside
      // A host that is an address is never looked up.
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !mayReach(host)) throw new FetchRefused('address-not-public')
      return exchange(url, options, { agent, lookup: toGuardedLookup(resolve, mayReach) })
    },
    close: () => {
      inside.agent.destroy()
      outside.agent.destroy()
    },
  }
}

/** What may stand in the list of exceptions. */
export const isLoopbackOrigin = (origin: string): boolean =>
  isLoopbackEndpoint(origin) && new URL(origin).protocol === 'https:' && new URL(origin).origin === origin

const toUrl = (address: string): URL => {
  if (!URL.canParse(address)) throw new FetchRefused('url-malformed')
  const url = new URL(address)
  if (url.protocol !== 'https:') throw new FetchRefused('not-https')
  if (url.username !== '' || url.password !== '') throw new FetchRefused('credentials-in-url')
  return url
}

const exchange = async (
  url: URL,
  { method, headers, body, timeoutMs, bytesMax, signal }: GuardedRequest,
  via: { agent: Agent; lookup: ReturnType<typeof toGuardedLookup> },
): Promise<GuardedAnswer> => {
  const timeout = AbortSignal.timeout(timeoutMs)
  const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { method, headers, ...via, signal: ended }, resolve)
      sent.on('error', reject)
      sent.end(body)
    })
    return { status: response.statusCode ?? 0, headers: toHeaders(response), body: await readBody(response, bytesMax) }
  } catch (error) {
    throw toFault(error, { timeout, signal })
  }
}

const toHeaders = ({ headers }: IncomingMessage): Map<string, string> =>
  new Map(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))

const readBody = async (response: IncomingMessage, bytesMax: number): Promise<Buffer> => {
  const refuse = (code: 'redirect' | 'encoded' | 'too-large'): never => {
    response.destroy()
    throw new FetchRefused(code)
  }
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) refuse('redirect')
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') refuse('encoded')
  if (Number(response.headers['content-length'] ?? 0) > bytesMax) refuse('too-large')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length
    if (bytes > bytesMax) refuse('too-large')
    chunks.push(chunk as Buffer)
  }
  if (!response.complete) throw new FetchFailed('broken-off')
  return Buffer.concat(chunks)
}

const certificateCodes = /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/

const toFault = (error: unknown, { timeout, signal }: { timeout: AbortSignal; signal: AbortSignal | undefined }): unknown => {
  if (error instanceof FetchRefused || error instanceof FetchFailed) return error
  if (signal?.aborted === true) return signal.reason
  if (timeout.aborted) return new FetchFailed('timed-out')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (certificateCodes.test(code)) return new FetchFailed('certificate-refused')
  return new FetchFailed(code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' ? 'broken-off' : 'unreachable')
}

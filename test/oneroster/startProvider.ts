import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeCertificate } from '../support/makeCertificate.ts'

/** The collections of a district, by name: records as the REST binding has them. */
export type Collections = Record<string, Record<string, unknown>[]>

/** What happens instead of the right answer. Given the collection (`token` for tokens) and how many requests it had before; undefined: the right one. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The total that is said, instead of the true one; null says none. */
  | { total: number | null }
  | { repeatPage: true }
  | { cutAt: number }
  | { dripMs: number }
  | { withoutLinks: true }
  | { unsorted: true }
export type ChooseFault = (collection: string, requestsBefore: number, url: URL) => Fault | undefined

export type TestProvider = {
  baseUrl: string
  tokenUrl: string
  /** Who signed its certificate. */
  ca: string
  credentials: { clientId: string; clientSecret: string }
  collections: Collections
  /** Every request: the collection, or `token`, and its query. */
  requests: { collection: string; query: URLSearchParams }[]
  setFault(choose: ChooseFault): void
  /** Tokens handed out so far are refused from now on. */
  endTokens(): void
  tokensGiven: number
  close(): Promise<void>
}

const pageMax = 100
const service = '/sis/ims/oneroster/rostering/v1p2/'
const authority = makeCertificate('authority')
const served = makeCertificate(['localhost', '127.0.0.1'], authority)

const noFault: ChooseFault = () => undefined

/** A OneRoster 1.2 provider on loopback, over TLS: client credentials, paging, sorting, and a filter by the time of the last change. */
export const startProvider = async (collections: Collections): Promise<TestProvider> => {
  const credentials = { clientId: 'invented-client', clientSecret: 'invented secret: 1+1' }
  const tokens = new Set<string>()
  let chooseFault = noFault
  const server = createServer({ cert: served.cert, key: served.key }, (request, response) => {
    request.resume()
    request.on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: TestProvider = {
    baseUrl: `${origin}/sis`,
    tokenUrl: `${origin}/token`,
    ca: authority.cert,
    credentials,
    collections,
    requests: [],
    tokensGiven: 0,
    setFault: (choose) => {
      chooseFault = choose
    },
    endTokens: () => tokens.clear(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', origin)
    const collection = url.pathname === '/token' ? 'token' : url.pathname.slice(service.length)
    const before = provider.requests.filter((made) => made.collection === collection).length
    provider.requests.push({ collection, query: url.searchParams })
    const fault = chooseFault(collection, before, url)
    if (fault !== undefined && 'status' in fault) return void response.writeHead(fault.status, fault.headers).end(fault.body)
    if (collection === 'token') return giveToken(request, response)
    const token = (request.headers.authorization ?? '').replace('Bearer ', '')
    if (!tokens.has(token)) return void response.writeHead(401).end()
    const records = provider.collections[collection]
    if (records === undefined) return void response.writeHead(404).end()
    sendPage(response, url, { collection, records }, fault)
  }
  const giveToken = (request: IncomingMessage, response: ServerResponse): void => {
    const pair = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString()
    const [id, secret] = pair.split(':').map((part) => new URLSearchParams(`text=${part}`).get('text'))
    if (id !== credentials.clientId || secret !== credentials.clientSecret)
      return void response.writeHead(401).end('{"error":"invalid_client"}')
    provider.tokensGiven += 1
    const token = `token-${provider.tokensGiven}`
    tokens.add(token)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 }))
  }
  return provider
}

const filterPattern = /^dateLastModified>'([^']+)'$/

const sendPage = (
  response: ServerResponse,
  url: URL,
  { collection, records }: { collection: string; records: Record<string, unknown>[] },
  fault: Exclude<Fault, { status: number }> | undefined,
): void => {
  const is = (name: string): boolean => fault !== undefined && name in fault
  const filter = url.searchParams.get('filter')
  const since = filterPattern.exec(filter ?? '')?.[1]
  if (filter !== null && since === undefined) return void response.writeHead(422).end()
  const chosen = since === undefined ? records : records.filter((record) => String(record['dateLastModified']) > since)
  const sorted = is('unsorted') ? chosen : chosen.toSorted((a, b) => (String(a['sourcedId']) < String(b['sourcedId']) ? -1 : 1))
  const limit = Math.min(Number(url.searchParams.get('limit') ?? pageMax), pageMax)
  const offset = is('repeatPage') ? 0 : Number(url.searchParams.get('offset') ?? 0)
  const page = sorted.slice(offset, offset + limit)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const total = fault !== undefined && 'total' in fault ? fault.total : sorted.length
  if (total !== null) headers['x-total-count'] = String(total)
  if (!is('withoutLinks') && offset + limit < sorted.length)
    headers['link'] = `<${url.origin}${url.pathname}?offset=${offset + limit}>; rel="next", <${url.origin}${url.pathname}>; rel="first"`
  const body = JSON.stringify({ [collection]: page })
  response.writeHead(200, headers)
  if (fault !== undefined && 'cutAt' in fault) return void response.end(body.slice(0, fault.cutAt))
  if (fault !== undefined && 'dripMs' in fault) return drip(response, body, fault.dripMs)
  response.end(body)
}

/** Byte by byte, for as long as anybody listens. */
const drip = (response: ServerResponse, body: string, everyMs: number): void => {
  let at = 0
  const timer = setInterval(() => {
    response.write(body[at % body.length])
    at += 1
  }, everyMs)
  response.on('close', () => clearInterval(timer))
}

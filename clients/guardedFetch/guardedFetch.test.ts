import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGuardedFetch, isLoopbackOrigin } from './createGuardedFetch.ts'
import type { GuardedRequest } from './createGuardedFetch.ts'
import { FetchFailed, FetchRefused } from './fetchFault.ts'
import { makeCertificate } from '../../test/support/makeCertificate.ts'

const authority = makeCertificate('authority')
const served = makeCertificate(['localhost', '127.0.0.1', 'sis.example.org'], authority)
let reached = 0
const answers: Record<string, (response: ServerResponse) => void> = {
  '/redirect': (response) => response.writeHead(302, { location: 'https://example.org/' }).end(),
  '/packed': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  '/large': (response) => response.writeHead(200).end('x'.repeat(2_000)),
  '/silent': () => undefined,
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('x', () => response.destroy())
  },
  '/': (response) => response.writeHead(200, { 'x-total-count': '3' }).end('sound'),
}
const server = createServer({ cert: served.cert, key: served.key }, (request, response) => {
  reached += 1
  answers[request.url ?? '']?.(response)
})
let port = 0
let origin = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  origin = `https://127.0.0.1:${port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const get: GuardedRequest = { method: 'GET', headers: {}, timeoutMs: 20_000, bytesMax: 1_000 }
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof FetchRefused || error instanceof FetchFailed ? error.code : `thrown: ${String(error)}`),
  )
const ask = (path: string, options: Partial<GuardedRequest> = {}) =>
  createGuardedFetch({ loopbackOrigins: [origin], loopbackCa: authority.cert }).send(`${origin}${path}`, { ...get, ...options })

describe('an address that a district names', () => {
  test('is asked over verified TLS, and answers with its headers', async () => {
    const answer = await ask('/')
    expect([answer.status, answer.headers.get('x-total-count'), answer.body.toString()]).toEqual([200, '3', 'sound'])
  })

  test('is not asked when its certificate is signed by nobody we know', async () => {
    const fetch = createGuardedFetch({ loopbackOrigins: [origin] })
    expect(await codeOf(fetch.send(`${origin}/`, get))).toBe('certificate-refused')
  })

  test.each([
    ['http://example.org/', 'not-https'],
    ['ftp://example.org/', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['https://user:word@example.org/', 'credentials-in-url'],
    ['no address', 'url-malformed'],
    ['https://[fe80::1%25eth0]/', 'url-malformed'],
  ])('is refused unless it is plainly https: %s', async (url, code) => {
    expect(await codeOf(createGuardedFetch().send(url, get))).toBe(code)
  })

  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '10.0.0.1.',
  ])('never leads to this machine or its network, however it is written: %s', async (host) => {
    const before = reached
    expect(await codeOf(createGuardedFetch().send(`https://${host}:${port}/`, get))).toBe('address-not-public')
    expect(reached).toBe(before)
  })

  test('never leads inside in any form that a URL knows for an address of the inside', async () => {
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0, 240, 255), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.integer({ min: 224, max: 239 }), fc.nat(255), fc.nat(255), fc.nat(255)),
    )
    const forms = [
      (parts: number[]) => parts.join('.'),
      (parts: number[]) => parts.map((part) => `0x${part.toString(16)}`).join('.'),
      (parts: number[]) => parts.map((part) => `0${part.toString(8)}`).join('.'),
      (parts: number[]) => String(parts.reduce((sum, part) => sum * 256 + part, 0)),
      (parts: number[]) => `0x${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`,
      ([a = 0, b = 0, c = 0, d = 0]: number[]) => `${a}.${b}.${c * 256 + d}`,
      (parts: number[]) => `[::ffff:${parts.join('.')}]`,
      (parts: number[]) => `[::${parts.join('.')}]`,
      (parts: number[]) => `[64:ff9b::${parts.join('.')}]`,
    ]
    await fc.assert(
      fc.asyncProperty(inside, fc.constantFrom(...forms), async (parts, form) => {
        expect(await codeOf(createGuardedFetch().send(`https://${form(parts)}/`, get))).toBe('address-not-public')
      }),
      { numRuns: 500 },
    )
  })

  test('is refused when its name has one inner address among public ones', async () => {
    const fetch = createGuardedFetch({ resolve: async () => ['93.184.215.14', '10.0.0.7'] })
    expect(await codeOf(fetch.send('https://sis.example.org/', get))).toBe('address-not-public')
  })

  test('is asked at the address that was checked: a name that leads elsewhere a moment later is looked at again, and refused', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.7'], ['93.184.215.14']]
    let asked = 0
    const fetch = createGuardedFetch({
      loopbackOrigins: [`https://localhost:${port}`],
      loopbackCa: authority.cert,
      resolve: async () => answers[asked++] ?? [],
    })
    const send = () => codeOf(fetch.send(`https://localhost:${port}/`, { ...get, headers: { connection: 'close' } }))
    // One look for each connection: no second one between the check and the connection that could answer otherwise.
    expect([await send(), asked]).toEqual(['answered', 1])
    expect([await send(), asked]).toEqual(['address-not-public', 2])
    expect([await send(), asked]).toEqual(['address-not-public', 3])
  })

  test('that is an exception for a stack leads to this machine only', () => {
    const all = [
      'https://127.0.0.1:9443',
      'https://localhost:1',
      'http://127.0.0.1:9443',
      'https://10.0.0.1',
      'https://example.org',
      'https://127.0.0.1/path',
    ]
    expect(all.filter(isLoopbackOrigin)).toEqual(['https://127.0.0.1:9443', 'https://localhost:1'])
    expect(() => createGuardedFetch({ loopbackOrigins: ['https://sis.example.org'] })).toThrow('origins of this machine')
  })
})

describe('an answer', () => {
  test.each([
    ['/redirect', 'redirect'],
    ['/packed', 'encoded'],
    ['/large', 'too-large'],
    ['/cut', 'broken-off'],
  ])('that is no plain, whole and bounded one is refused: %s', async (path, code) => {
    expect(await codeOf(ask(path))).toBe(code)
  })

  test('that does not come ends in time', async () => {
    expect(await codeOf(ask('/silent', { timeoutMs: 200 }))).toBe('timed-out')
  })

  test('that nobody waits for any more ends with the reason', async () => {
    const stop = new AbortController()
    const asked = ask('/silent', { signal: stop.signal })
    stop.abort(new Error('shut down'))
    await expect(asked).rejects.toThrow('shut down')
  })

  test('of a proxy that the environment names is none: nothing goes there', async () => {
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9'
    process.env['NODE_USE_ENV_PROXY'] = '1'
    try {
      expect((await ask('/')).status).toBe(200)
    } finally {
      delete process.env['HTTPS_PROXY']
      delete process.env['NODE_USE_ENV_PROXY']
    }
  })
})

import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPayloadCodec } from '../crypto/payloadCodec.ts'
import { createCodecServer } from './codecServer.ts'
import type { CodecServerOptions, CodecRecord } from './codecServer.ts'
import type { PayloadsJson } from './codecMessage.ts'

const tokens = { ada: randomBytes(32).toString('base64url'), ben: randomBytes(32).toString('base64url') }
const engineers = Object.entries(tokens).map(([name, token]) => ({ name, tokenSha256: createHash('sha256').update(token).digest('hex') }))
const codec = createPayloadCodec({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]) })
const plain: PayloadsJson = {
  payloads: [
    { metadata: { encoding: Buffer.from('json/plain').toString('base64') }, data: Buffer.from('"a-known-word"').toString('base64') },
  ],
}
const signedIn = { Authorization: `Bearer ${tokens.ada}`, 'X-Namespace': 'hallpass' }

const openServer = (options: Partial<CodecServerOptions> = {}) => {
  const records: CodecRecord[] = []
  const faults: unknown[] = []
  const app = createCodecServer({
    codec,
    engineers,
    namespace: 'hallpass',
    uiOrigins: ['http://127.0.0.1:8233'],
    record: async (record) => void records.push(record),
    onFault: (error) => void faults.push(error),
    ...options,
  })
  const post = (path: string, body: unknown, headers: Record<string, string> = signedIn) =>
    app.request(path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return { app, post, records, faults }
}

const encode = async (): Promise<PayloadsJson> => (await (await openServer().post('/encode', plain)).json()) as PayloadsJson

describe('an engineer', () => {
  test('encodes and decodes, and each act is recorded with who and how many', async () => {
    const { post, records } = openServer()
    const encoded = await encode()
    expect(JSON.stringify(encoded)).not.toContain(plain.payloads[0]?.data)
    const answer = await post('/decode', encoded)
    expect(await answer.json()).toEqual(plain)
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    await post('/decode', encoded, { ...signedIn, Authorization: `bearer ${tokens.ben}` })
    await post('/encode', plain)
    expect(records).toEqual([
      { engineer: 'ada', act: 'decode', payloads: 1 },
      { engineer: 'ben', act: 'decode', payloads: 1 },
      { engineer: 'ada', act: 'encode', payloads: 1 },
    ])
  })

  test('gets what was never encrypted back as it came', async () => {
    expect(await (await openServer().post('/decode', plain)).json()).toEqual(plain)
  })

  test.each(['', 'other', 'Hallpass', 'x'.repeat(5_000)])(
    'is served for the configured namespace alone: not for "%s", and no row repeats it',
    async (namespace) => {
      const { post, records } = openServer()
      for (const path of ['/decode', '/encode']) {
        const answer = await post(path, plain, { ...signedIn, 'X-Namespace': namespace })
        expect(answer.status).toBe(403)
        expect(await answer.text()).not.toContain(namespace === '' ? 'hallpass' : namespace)
      }
      expect(records).toEqual([])
    },
  )

  test('gets nothing when the act cannot be recorded', async () => {
    const { post, faults } = openServer({ record: () => Promise.reject(new Error('no database')) })
    const answer = await post('/decode', await encode())
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('database')
    expect(faults).toHaveLength(1)
  })
})

describe('everyone else', () => {
  test.each([
    ['no token', {}],
    ['a wrong token', { Authorization: `Bearer ${randomBytes(32).toString('base64url')}` }],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['a token with something after it', { Authorization: `Bearer ${tokens.ada}x` }],
    ['the hash in place of the token', { Authorization: `Bearer ${engineers[0]?.tokenSha256}` }],
    ['another scheme', { Authorization: `Basic ${tokens.ada}` }],
  ])('with %s gets a bare 401 and leaves no record', async (_, headers: Record<string, string>) => {
    const { post, records } = openServer()
    for (const path of ['/decode', '/encode', '/anything']) {
      const answer = await post(path, await encode(), headers)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(await answer.json()).toEqual({ type: 'about:blank', title: 'not signed in', status: 401, code: 'not-signed-in' })
    }
    expect(records).toEqual([])
  })

  test('gets nothing when no engineer is named', async () => {
    expect((await openServer({ engineers: [] }).post('/decode', await encode())).status).toBe(401)
  })
})

describe('a browser', () => {
  test('may call from the Temporal UI', async () => {
    const { app } = openServer()
    const preflight = await app.request('/decode', {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://127.0.0.1:8233',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,x-namespace',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('http://127.0.0.1:8233')
  })

  test('gets nothing from any other page, even with a token', async () => {
    for (const origin of ['https://evil.example', 'http://127.0.0.1:8234', 'null']) {
      const answer = await openServer().post('/decode', await encode(), { ...signedIn, Origin: origin })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull()
    }
  })
})

describe('bad input', () => {
  test.each(['', 'no json', '[]', '{"payloads":{}}', '{"payloads":[{"data":"%%%"}]}', '{"payloads":[{"metadata":{"encoding":5}}]}'])(
    'is a problem document: %s',
    async (body) => {
      for (const path of ['/encode', '/decode']) {
        const answer = await openServer().post(path, body)
        expect(answer.status).toBe(400)
        expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
      }
    },
  )

  test('that was tampered with or has an unknown key is a problem document', async () => {
    const { post, faults } = openServer()
    const [payload] = (await encode()).payloads as [PayloadsJson['payloads'][0]]
    const unknown = { ...payload.metadata, 'encryption-key-id': Buffer.from('k9').toString('base64') }
    const tampered = `${payload.data.slice(0, -8)}AAAAAAA=`
    for (const bad of [
      { ...payload, metadata: unknown },
      { ...payload, data: tampered },
      { ...payload, data: '' },
    ]) {
      const answer = await post('/decode', { payloads: [bad] })
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ code: 'payload-unreadable' })
    }
    expect(faults).toEqual([])
  })

  test('that is too large is refused unread', async () => {
    expect((await openServer().post('/decode', 'x'.repeat(13 * 1024 * 1024))).status).toBe(413)
  })

  test('does not start a server with a token hash that is none', () => {
    expect(() => openServer({ engineers: [{ name: 'ada', tokenSha256: '' }] })).toThrow(RangeError)
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAwsTranslator } from '../../clients/awsTranslator.ts'
import type { TranslationRequest } from '../../domain/ports.ts'
import { TranslationImpossible, TranslatorMisconfigured, TranslatorUnavailable } from '../../domain/translation/translatorFault.ts'
import { requireTranslation } from '../support/requireTranslation.ts'
import { startTranslationGate, type TranslationGate } from '../support/startTranslationGate.ts'

let gate: TranslationGate
beforeAll(async () => {
  gate = await startTranslationGate(requireTranslation())
})
afterAll(() => gate.stop())
afterEach(() => {
  gate.failAll(null)
  vi.unstubAllEnvs()
})

const secret = 'Wilhelmina'
const open = (endpoint = gate.endpoint, answerMs = 15_000) =>
  createAwsTranslator({ region: 'us-east-1', endpoint, provider: 'Apertium', timeouts: { connectMs: 1_000, answerMs } })
const translate = (request: Partial<TranslationRequest> = {}, translator = open()) =>
  translator.translate({ text: `The school is open. ${secret} knows.`, source: 'en', target: 'es', ...request })
const faultOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null).catch((error: unknown) => error)

describe('a translation', () => {
  test('comes back in the language that was asked for, with what is no word of any language as it was', async () => {
    await expect(translate({ text: `The school is open.\n\n😀 ${secret}` })).resolves.toBe(`La escuela es abierta.\n\n😀 ${secret}`)
    await expect(translate({ text: 'La escuela está cerrada.', source: 'es', target: 'en' })).resolves.toContain('school')
    await expect(translate({ target: 'ca' })).resolves.toContain("L'escola")
  })

  test('goes from Spanish to Catalan by way of English', async () => {
    await expect(translate({ text: 'La escuela está cerrada.', source: 'es', target: 'ca' })).resolves.toContain('escola')
  })

  test('names its source, asks for what the district wants, and says so in one request', async () => {
    const before = gate.calls()
    await translate({ formality: 'formal', isProfanityMasked: true })
    expect(gate.calls()).toBe(before + 1)
    expect(gate.requests().at(-1)).toMatchObject({ SourceLanguageCode: 'en', Settings: { Formality: 'FORMAL', Profanity: 'MASK' } })
    await translate({ target: 'ca', formality: 'formal' })
    expect(gate.requests().at(-1)).not.toHaveProperty('Settings.Formality')
  })

  test('never leaves it to the provider which language something is in', async () => {
    const before = gate.calls()
    await expect(translate({ source: 'auto' })).rejects.toBeInstanceOf(TranslatorMisconfigured)
    expect(gate.calls()).toBe(before)
  })

  test('is one of many at once, and each gets its own', async () => {
    const asked = Array.from({ length: 100 }, (_, index) => translate({ text: `Please sign the form number ${index + 100}.` }))
    const answered = await Promise.all(asked)
    answered.forEach((text, index) => expect(text).toContain(String(index + 100)))
  })
})

describe('what is not translated says why, and never what it was', () => {
  test.each([
    ['a pair that the provider does not have', { target: 'ja' }, 'unsupported-pair'],
    ['a text of more than 10,000 bytes, though of fewer letters', { text: 'ñ'.repeat(5_001) }, 'too-long'],
  ])('%s will never be translated', async (_, request, reason) => {
    const fault = await faultOf(translate(request))
    expect(fault).toBeInstanceOf(TranslationImpossible)
    expect(fault).toMatchObject({ reason })
  })

  test.each([
    ['throttling', 'ThrottlingException', 400, 'throttled'],
    ['too many requests', 'TooManyRequestsException', 400, 'throttled'],
    ['a status that means too many', 'Unheard', 429, 'throttled'],
    ['a fault of the provider', 'InternalServerException', 500, 'unavailable'],
    ['an outage', 'ServiceUnavailableException', 500, 'unavailable'],
    ['a proxy without the provider behind it', 'Unheard', 502, 'unavailable'],
  ])('%s passes, and is asked about once', async (_, type, status, reason) => {
    const before = gate.calls()
    gate.failNext(1, { kind: 'error', type, status })
    const fault = await faultOf(translate())
    expect(fault).toBeInstanceOf(TranslatorUnavailable)
    expect(fault).toMatchObject({ reason })
    expect(gate.calls()).toBe(before + 1)
    await expect(translate()).resolves.toContain(secret)
  })

  test.each(['AccessDeniedException', 'UnrecognizedClientException', 'InvalidRequestException', 'ExpiredTokenException'])(
    '%s is for somebody to mend',
    async (type) => {
      gate.failNext(1, { kind: 'error', type, status: 400 })
      await expect(translate()).rejects.toBeInstanceOf(TranslatorMisconfigured)
    },
  )

  test.each([
    ['a connection that breaks', { kind: 'reset' }],
    ['an answer that does not come in time', { kind: 'slow', ms: 5_000 }],
    ['an answer that is none', { kind: 'garbage', body: '<html>' }],
    ['an answer without a text', { kind: 'garbage', body: '{}' }],
    ['an answer with an empty text', { kind: 'garbage', body: '{"TranslatedText":""}' }],
  ] as const)('%s is an outage', async (_, fault) => {
    gate.failNext(1, fault)
    await expect(translate({}, open(gate.endpoint, 300))).rejects.toBeInstanceOf(TranslatorUnavailable)
  })

  test('nobody there is an outage', async () => {
    const gone = await startTranslationGate(gate.endpoint)
    await gone.stop()
    await expect(translate({}, open(gone.endpoint))).rejects.toBeInstanceOf(TranslatorUnavailable)
  })

  test('whoever gives up waiting hears their own reason', async () => {
    gate.failNext(1, { kind: 'slow', ms: 2_000 })
    const before = gate.calls()
    const controller = new AbortController()
    const asked = translate({ signal: controller.signal })
    await vi.waitFor(() => expect(gate.calls()).toBe(before + 1))
    controller.abort(new Error('the teacher withdrew it'))
    await expect(asked).rejects.toThrow('the teacher withdrew it')
  })

  test('no fault holds a word of the text, whatever the provider quotes', async () => {
    const quote = `{"__type":"InvalidRequestException","message":"${secret}"}`
    const server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(quote)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const fault = await faultOf(translate({}, open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))
    server.close()
    server.closeAllConnections()
    expect(fault).toBeInstanceOf(TranslatorMisconfigured)
    const shown = fault instanceof Error ? [fault.message, fault.stack, String(fault.cause), JSON.stringify(fault)].join() : ''
    expect(shown).not.toContain(secret)
  })
})

describe('a text stays in the United States', () => {
  test.each([
    ['eu-west-1', undefined],
    ['us-east-1', 'https://translate.eu-west-1.amazonaws.com'],
    ['us-east-1', 'https://translate.example.org'],
  ])('a translator in %s at %s is not made', (region, endpoint) => {
    expect(() => createAwsTranslator({ region, provider: 'x', ...(endpoint === undefined ? {} : { endpoint }) })).toThrow('United States')
  })

  test('an endpoint that the environment slips in is not asked', async () => {
    for (const elsewhere of ['https://translate.eu-central-1.amazonaws.com', 'http://translate.us-east-1.amazonaws.com']) {
      vi.stubEnv('AWS_ENDPOINT_URL_TRANSLATE', elsewhere)
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
      const translator = createAwsTranslator({ region: 'us-east-1', provider: 'Amazon Translate' })
      const fault = await faultOf(translate({}, translator))
      expect(fault).toBeInstanceOf(TranslatorMisconfigured)
      expect(fault).toHaveProperty('message', expect.stringContaining('United States'))
    }
  })

  test('a redirect to elsewhere is not followed', async () => {
    const elsewhere = await startTranslationGate(gate.endpoint)
    gate.failNext(1, { kind: 'redirect', to: elsewhere.endpoint })
    await expect(translate()).rejects.toBeInstanceOf(TranslatorMisconfigured)
    expect(elsewhere.calls()).toBe(0)
    await elsewhere.stop()
  })

  test('FIPS endpoints of AWS in the United States are taken', () => {
    for (const region of ['us-east-1', 'us-east-2', 'us-west-2', 'us-gov-west-1'])
      expect(() => createAwsTranslator({ region, provider: 'x', endpoint: `https://translate-fips.${region}.amazonaws.com` })).not.toThrow()
  })
})

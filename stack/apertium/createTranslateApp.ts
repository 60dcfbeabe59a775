import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { PoolBusy } from './createPipelinePool.ts'
import type { Apertium } from './createApertium.ts'

/** What Amazon Translate's `TranslateText` takes: https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html */
const translateText = z.object({
  Text: z.string().min(1),
  SourceLanguageCode: z.string().min(2).max(5),
  TargetLanguageCode: z.string().min(2).max(5),
  TerminologyNames: z.array(z.string()).optional(),
  Settings: z
    .object({
      Formality: z.enum(['FORMAL', 'INFORMAL']).optional(),
      Profanity: z.enum(['MASK']).optional(),
      Brevity: z.enum(['ON']).optional(),
    })
    .optional(),
})

const target = 'AWSShineFrontendService_20170701.TranslateText'
const textBytesMax = 10_000
/** Who signs, in the form of AWS; the signature itself is not checked, since there is nobody to keep out. */
const authorization = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/us-[a-z]+(-[a-z]+)?-\d\/translate\/aws4_request, /

type Fault = { type: string; message: string; status?: 400 | 500; more?: Record<string, string> }

const answer = (context: Context, body: object, status: 200 | 400 | 500, headers: Record<string, string> = {}) =>
  context.body(JSON.stringify(body), status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID(), ...headers })

const refuse = (context: Context, { type, message, status = 400, more = {} }: Fault) =>
  answer(context, { __type: type, message, ...more }, status, { 'x-amzn-errortype': type })

const invalid = (message: string): Fault => ({ type: 'InvalidRequestException', message })

/**
 * Speaks Amazon Translate's protocol (AWS JSON 1.1) for `TranslateText`, and translates with Apertium. Says what it does not do: formality and masking are in no
 * `AppliedSettings`; `auto`, terminologies and other operations are refused. `GET /calls` tells how many texts were translated. Nothing of a text is kept or logged.
 */
export const createTranslateApp = (apertium: Pick<Apertium, 'translate'>): Hono => {
  const app = new Hono()
  let calls = 0
  app.get('/calls', (context) => context.json({ calls }))
  app.post('/', async (context) => {
    if (context.req.header('x-amz-target') !== target)
      return refuse(context, { type: 'UnknownOperationException', message: 'only TranslateText is known here' })
    if (!authorization.test(context.req.header('authorization') ?? ''))
      return refuse(context, { type: 'UnrecognizedClientException', message: 'signed for nobody, or for elsewhere' })
    const asked = translateText.safeParse(await context.req.json().catch(() => null))
    if (!asked.success) return refuse(context, { type: 'ValidationException', message: 'not a request for a translation' })
    const { Text: text, SourceLanguageCode: source, TargetLanguageCode: to, TerminologyNames: terminologies = [] } = asked.data
    if (Buffer.byteLength(text) > textBytesMax)
      return refuse(context, { type: 'TextSizeLimitExceededException', message: `more than ${textBytesMax} bytes` })
    if (source === 'auto') return refuse(context, invalid('languages are not detected here'))
    if (terminologies.length > 0) return refuse(context, invalid('there are no terminologies here'))
    try {
      const translated = await apertium.translate(text, source, to)
      const languages = { SourceLanguageCode: source, TargetLanguageCode: to }
      if (translated === null)
        return refuse(context, { type: 'UnsupportedLanguagePairException', message: `no pair ${source} to ${to}`, more: languages })
      calls += 1
      return answer(context, { TranslatedText: translated, ...languages }, 200)
    } catch (error) {
      if (error instanceof PoolBusy) return refuse(context, { type: 'ThrottlingException', message: 'too many at once' })
      return refuse(context, { type: 'InternalServerException', message: 'the programs failed', status: 500 })
    }
  })
  return app
}

import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Translator } from '../../domain/ports.ts'
import { translateText } from '../../domain/translation/translateText.ts'
import { atMost, median, quantile, roundFigures, type Measured } from '../bench.ts'

const concurrent = 10
const source = 'en'
const target = 'es'

/** A message as teachers write them, each with other numbers so that nothing that remembers answers could help. */
const toMessage = (number: number): string =>
  `Dear families, Mateo needs his math book on Friday at 10:30. Please sign form ${number} and bring it to the office. The school is open until 4:15 pm.`

const names = [{ kind: 'name', text: 'Mateo' }] as const

/** What nobody can do without: the same text, sent over a connection that stays open, and the answer read. */
const createBareCall = (endpoint: string): { call: (message: string) => Promise<void>; close: () => void } => {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrent })
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSShineFrontendService_20170701.TranslateText',
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/translate/aws4_request, SignedHeaders=host, Signature=0',
  }
  const call = (message: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const sending = request(endpoint, { method: 'POST', agent, headers }, (answer) => {
        text(answer).then(() => (answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`))), reject)
      })
      sending.once('error', reject)
      sending.end(JSON.stringify({ Text: message, SourceLanguageCode: source, TargetLanguageCode: target }))
    })
  return { call, close: () => agent.destroy() }
}

/** The milliseconds that each of `count` calls took, `concurrent` of them at a time. */
const timeCalls = async (count: number, call: (message: string) => Promise<unknown>): Promise<number[]> => {
  const took: number[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1
      const message = toMessage(next)
      const began = performance.now()
      await call(message)
      took.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: concurrent }, work))
  return took
}

type Measuring = { translator: Translator; endpoint: string; isQuick: boolean }

/** What guard, splitting and the AWS SDK cost over the bare call, `concurrent` at a time, in turns, so that both have the same machine. */
export const measureOverhead = async ({ translator, endpoint, isQuick }: Measuring): Promise<Measured> => {
  const bare = createBareCall(endpoint)
  const translate = (piece: string) => translator.translate({ text: piece, source, target })
  const whole = (message: string) => translateText({ text: message, source, names, translate })
  const [rounds, calls] = isQuick ? [1, 20] : [10, 200]
  const [bareMs, wholeMs]: [number[], number[]] = [[], []]
  // Programs start, and code is compiled, before anything counts.
  await timeCalls(calls, bare.call)
  await timeCalls(calls, whole)
  for (let round = 0; round < rounds; round += 1) {
    bareMs.push(...(await timeCalls(calls, bare.call)))
    wholeMs.push(...(await timeCalls(calls, whole)))
  }
  bare.close()
  const seconds = wholeMs.reduce((sum, ms) => sum + ms, 0) / 1_000 / concurrent
  return {
    ratios: { overhead_p50: atMost(median(wholeMs) / median(bareMs), 1.5) },
    figures: roundFigures({
      bare_call_p50_ms: median(bareMs),
      bare_call_p95_ms: quantile(bareMs, 0.95),
      guarded_call_p50_ms: median(wholeMs),
      guarded_call_p95_ms: quantile(wholeMs, 0.95),
      guarded_calls_per_second: wholeMs.length / seconds,
    }),
  }
}

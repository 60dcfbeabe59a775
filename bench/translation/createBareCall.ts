import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Into and out of which languages is timed. */
export const source = 'en'
export const target = 'es'

/** A message as teachers write them, each with other numbers so that nothing that remembers answers could help. */
export const toMessage = (number: number): string =>
  `Dear families, Mateo needs his math book on Friday at 10:30. Please sign form ${number} and bring it to the office. The school is open until 4:15 pm.`

/** What nobody can do without: the same text, sent over a connection that stays open, and the answer read. `concurrent`: connections at most. */
export const createBareCall = (endpoint: string, concurrent: number): { call: (message: string) => Promise<void>; close: () => void } => {
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

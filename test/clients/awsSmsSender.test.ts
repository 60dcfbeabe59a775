import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAwsSmsSender, SmsRefused, SmsUnavailable } from '../../clients/awsSmsSender.ts'
import { startSmsSink, type SmsSink } from '../../stack/servers/smsSink.ts'

let sink: SmsSink
beforeAll(async () => {
  sink = await startSmsSink({ port: 0 })
})
afterAll(() => sink.stop())

const to = '+12025550143'
const senderTo = (endpoint: string) => createAwsSmsSender({ region: 'us-east-1', from: '+12025550100', endpoint })
const send = (sms: { id?: string; to?: string; text?: string }) =>
  senderTo(sink.address.endpoint).send({ id: 'notice.1', to, text: 'You have 1 new message', ...sms })
const reply = (text: string) =>
  fetch(`${sink.address.web}/replies`, {
    method: 'POST',
    body: JSON.stringify({ from: to, text }),
    headers: { 'content-type': 'application/json' },
  })

describe('a text message', () => {
  test('arrives once, with the id of what it tells', async () => {
    await send({ id: 'notice.once' })
    expect(sink.messages().filter(({ id }) => id === 'notice.once')).toMatchObject([{ to, text: 'You have 1 new message' }])
  })

  test('to somebody who answered STOP is refused for good, and goes again after START', async () => {
    await reply(' stop ')
    await expect(send({})).rejects.toBeInstanceOf(SmsRefused)
    await reply('START')
    await send({ id: 'notice.again' })
    expect(sink.messages().at(-1)).toMatchObject({ id: 'notice.again' })
  })

  test('to what is no number is refused for good; one that the provider cannot take for another reason is not', async () => {
    await expect(send({ to: '555-0100' })).rejects.toBeInstanceOf(SmsRefused)
    await expect(send({ text: '' })).rejects.toBeInstanceOf(SmsUnavailable)
  })

  test('says nothing of the number or the words when it fails, and is tried once: a repetition is a second message', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      response
        .writeHead(500, { 'content-type': 'application/x-amz-json-1.0' })
        .end(`{"__type":"InternalServerException","Message":"${to}"}`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const fault: unknown = await senderTo(`http://127.0.0.1:${port}`)
      .send({ id: 'notice.1', to, text: 'hello' })
      .catch((error: unknown) => error)
    server.close()
    expect(fault).toBeInstanceOf(SmsUnavailable)
    expect(JSON.stringify([fault, String(fault), fault instanceof Error ? (fault.cause ?? null) : null])).not.toContain(to.slice(1))
    expect(asked).toBe(1)
  })

  test('leaves from the United States or not at all', () => {
    expect(() => createAwsSmsSender({ region: 'eu-west-1', from: 'x' })).toThrow('United States')
    expect(() => createAwsSmsSender({ region: 'us-east-1', from: 'x', endpoint: 'https://sms-voice.eu-west-1.amazonaws.com' })).toThrow(
      'United States',
    )
  })
})

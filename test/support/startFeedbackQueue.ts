import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

export type TestQueue = {
  url: string
  put(body: string): void
  /** What is in it, received or not. */
  left(): string[]
  /** As when the time is over for which what was received is nobody else's. */
  showAgain(): void
  close(): void
}

type Asked = { MaxNumberOfMessages?: number; ReceiptHandle?: string }

/** Stands in for an SQS queue, by its JSON protocol: what is received is hidden, and stays until it is deleted. */
export const startFeedbackQueue = async (): Promise<TestQueue> => {
  const messages = new Map<string, { body: string; isHidden: boolean }>()
  const receive = ({ MaxNumberOfMessages = 1 }: Asked) => {
    const shown = [...messages].filter(([, { isHidden }]) => !isHidden).slice(0, MaxNumberOfMessages)
    for (const [, message] of shown) message.isHidden = true
    return {
      Messages: shown.map(([id, { body }]) => ({
        MessageId: id,
        ReceiptHandle: id,
        Body: body,
        MD5OfBody: createHash('md5').update(body).digest('hex'),
      })),
    }
  }
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const asked = (await json(request)) as Asked
      const isReceive = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage'
      if (!isReceive) messages.delete(asked.ReceiptHandle ?? '')
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(isReceive ? receive(asked) : {}))
    }
    void answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/000000000000/feedback`,
    put: (body) => void messages.set(randomUUID(), { body, isHidden: false }),
    left: () => [...messages.values()].map(({ body }) => body),
    showAgain: () => {
      for (const message of messages.values()) message.isHidden = false
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

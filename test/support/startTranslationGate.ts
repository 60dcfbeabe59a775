import { createServer, request as openRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What stands between the translator's client and the stack's endpoint for a while. */
export type TranslationFault =
  | { kind: 'error'; type: string; status: number; message?: string }
  /** Answers so long after it was asked. */
  | { kind: 'slow'; ms: number }
  /** Ends connections without an answer. */
  | { kind: 'reset' }
  | { kind: 'redirect'; to: string }
  /** An answer of a service that does not hold what it promises. */
  | { kind: 'garbage'; body: string }

export type TranslationGate = {
  endpoint: string
  /** How many requests came, those that met a fault too. */
  calls(): number
  /** The bodies of them, oldest first. */
  requests(): Record<string, unknown>[]
  /** The next so many requests meet this fault. */
  failNext(times: number, fault: TranslationFault): void
  /** Every request from now on meets it; null ends this and what `failNext` has left. */
  failAll(fault: TranslationFault | null): void
  /** What a test waits for before anything is answered: held until the function that comes back is called. */
  hold(): () => void
  stop(): Promise<void>
}

const readBody = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Resolves whether the request goes on behind the gate. */
const meet = async (fault: TranslationFault, response: ServerResponse): Promise<boolean> => {
  if (fault.kind === 'slow') {
    await wait(fault.ms)
    return true
  }
  if (fault.kind === 'reset') response.socket?.destroy()
  if (fault.kind === 'redirect') response.writeHead(307, { location: fault.to }).end()
  if (fault.kind === 'garbage') response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(fault.body)
  if (fault.kind === 'error')
    response
      .writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': fault.type })
      .end(JSON.stringify({ __type: fault.type, message: fault.message ?? 'as the test asked' }))
  return false
}

const pass = (endpoint: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void => {
  const onwards = openRequest(endpoint, { method: incoming.method, headers: incoming.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onwards.once('error', () => response.socket?.destroy())
  onwards.end(body)
}

/** A gate in front of the stack's endpoint for translations: counts what comes, and injects the faults that the endpoint itself never has. */
export const startTranslationGate = async (endpoint: string): Promise<TranslationGate> => {
  const requests: Record<string, unknown>[] = []
  const faults: TranslationFault[] = []
  let lasting: TranslationFault | null = null
  let held = Promise.resolve()
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const body = await readBody(incoming)
      requests.push(JSON.parse(body.toString()) as Record<string, unknown>)
      await held
      const fault = faults.shift() ?? lasting
      if (fault === null || (await meet(fault, response))) pass(endpoint, incoming, body, response)
    }
    answer().catch(() => response.socket?.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => requests.length,
    requests: () => requests,
    failNext: (times, fault) => void faults.push(...Array.from({ length: times }, () => fault)),
    failAll: (fault) => {
      lasting = fault
      if (fault === null) faults.length = 0
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

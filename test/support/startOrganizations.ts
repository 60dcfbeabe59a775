import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export type TestOrganizations = {
  endpoint: string
  /** What every request is answered from now on: the policy in force, or the code of a refusal. */
  answer(given: { policy: string } | { refusal: string }): void
  /** The bodies of the requests, oldest first. */
  asked(): unknown[]
  stop(): Promise<void>
}

const target = 'AWSOrganizationsV20161128.DescribeEffectivePolicy'
const authorization = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/us-east-1\/organizations\/aws4_request, /

/** Stands in for AWS Organizations, which no test may call: a real HTTP server that speaks its protocol, for the one call that Hallpass makes. */
export const startOrganizations = async (): Promise<TestOrganizations> => {
  const asked: unknown[] = []
  let answer: { policy: string } | { refusal: string } = { refusal: 'EffectivePolicyNotFoundException' }
  const toAnswer = (): { status: number; body: object } => {
    if ('refusal' in answer) return { status: 400, body: { __type: answer.refusal, Message: 'as the test asked' } }
    const policy = {
      PolicyContent: answer.policy,
      PolicyType: 'AISERVICES_OPT_OUT_POLICY',
      TargetId: '111122223333',
      LastUpdatedTimestamp: 1_700_000_000,
    }
    return { status: 200, body: { EffectivePolicy: policy } }
  }
  const server = createServer((request, response) => {
    const reply = async (): Promise<void> => {
      asked.push(await json(request))
      const { 'x-amz-target': called, authorization: signed = '' } = request.headers
      const isKnown = called === target && authorization.test(signed)
      const { status, body } = isKnown ? toAnswer() : { status: 400, body: { __type: 'UnknownOperationException' } }
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    }
    void reply()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (given) => void (answer = given),
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

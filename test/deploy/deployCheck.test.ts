import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bareEnvironment } from '../support/bareEnvironment.ts'
import { startOrganizations, type TestOrganizations } from '../support/startOrganizations.ts'

let organizations: TestOrganizations
beforeAll(async () => {
  organizations = await startOrganizations()
})
afterAll(() => organizations.stop())

type Ended = { code: number; stdout: string; stderr: string }
type Answer = { ok: boolean; checks: { name: string; ok: boolean; detail: string; mend?: string }[] }

const run = (variables: Record<string, string>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL_ORGANIZATIONS: organizations.endpoint }
    execFile(
      process.execPath,
      ['deploy/deployCheckMain.ts', ...args],
      { env: { ...bareEnvironment(), ...credentials, ...variables } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

const deployment = { HALLPASS_REGION: 'us-east-1', S3_ENDPOINT: 'https://s3.us-east-1.amazonaws.com', TRANSLATE_REGION: 'us-east-1' }
const check = async (variables: Record<string, string> = {}): Promise<{ code: number; answer: Answer; faults: string[] }> => {
  const { code, stdout } = await run({ ...deployment, ...variables }, '--json')
  const answer = JSON.parse(stdout) as Answer
  return { code, answer, faults: answer.checks.filter(({ ok }) => !ok).map(({ name }) => name) }
}
const policyOf = (services: object): { policy: string } => ({ policy: JSON.stringify({ services }) })
const optedOut = policyOf({ default: { opt_out_policy: 'optOut' } })

test('a deployment whose organization has opted out may translate', async () => {
  organizations.answer(optedOut)
  const { code, answer } = await check()
  expect(code).toBe(0)
  expect(answer.ok).toBe(true)
  expect(answer.checks.at(-1)?.detail).toContain('111122223333')
  expect(organizations.asked().at(-1)).toEqual({ PolicyType: 'AISERVICES_OPT_OUT_POLICY' })
})

test.each([
  ['has no policy', { refusal: 'EffectivePolicyNotFoundException' }, 'attach'],
  ['opts out of other services only', policyOf({ lex: { opt_out_policy: 'optOut' } }), 'attach'],
  ['excepts Amazon Translate', policyOf({ default: { opt_out_policy: 'optOut' }, translate: { opt_out_policy: 'optIn' } }), 'attach'],
  ['has a policy that nobody understands', { policy: 'optOut' }, 'attach'],
  ['does not exist', { refusal: 'AWSOrganizationsNotInUseException' }, 'no organization'],
  ['does not answer us', { refusal: 'AccessDeniedException' }, 'organizations:DescribeEffectivePolicy'],
])('one whose organization %s may not, and is told what to do', async (_, given, mend) => {
  organizations.answer(given)
  const { code, answer, faults } = await check()
  expect(code).toBe(1)
  expect(faults).toEqual(['ai-services-opt-out'])
  expect(answer.checks.at(-1)?.mend).toContain(mend)
})

test('one that cannot ask may not', async () => {
  const { code, faults } = await check({ AWS_ENDPOINT_URL_ORGANIZATIONS: 'http://127.0.0.1:1' })
  expect(code).toBe(1)
  expect(faults).toEqual(['ai-services-opt-out'])
})

test('one that translates nothing, or not by AWS, does not ask', async () => {
  const before = organizations.asked().length
  for (const variables of [{ TRANSLATE_REGION: '' }, { TRANSLATE_ENDPOINT: 'http://127.0.0.1:9000' }])
    expect((await check(variables)).code).toBe(0)
  expect(organizations.asked()).toHaveLength(before)
})

test.each([
  ['a region', { S3_REGION: 'eu-west-1' }, 'regions'],
  ['an endpoint', { TRANSLATE_ENDPOINT: 'https://translate.ca-central-1.amazonaws.com' }, 'endpoints'],
  ['an endpoint that only the SDK reads', { AWS_ENDPOINT_URL_TRANSLATE: 'https://translate.example.org' }, 'endpoints'],
])('%s outside the United States is named, and not what it is', async (_, variables, name) => {
  organizations.answer(optedOut)
  const { code, answer, faults } = await check(variables)
  expect(code).toBe(1)
  expect(faults).toEqual([name])
  expect(answer.checks.find((one) => !one.ok)?.detail).toContain(Object.keys(variables)[0])
  for (const value of Object.values(variables)) expect(JSON.stringify(answer)).not.toContain(value)
})

test('people read a line for each, and what to mend', async () => {
  organizations.answer({ refusal: 'EffectivePolicyNotFoundException' })
  const { code, stdout } = await run(deployment)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ok {4}regions/)
  expect(stdout).toMatch(/^FAIL {2}ai-services-opt-out .*\n {6}mend: attach/m)
})

test('wrong use is told from a fault', async () => {
  expect(await run(deployment, '--fix')).toMatchObject({ code: 2, stdout: '' })
  expect(await run({})).toMatchObject({ code: 2, stdout: '' })
  expect((await run({}, '--help')).stdout).toContain('npm run deploy:check')
})

import { describeOptOutPolicy } from '../../clients/describeOptOutPolicy.ts'
import { isInternalEndpoint } from '../../domain/residency.ts'
import { readOptOut } from '../../domain/translation/readOptOut.ts'
import type { Check } from './check.ts'

const name = 'ai-services-opt-out'

const attach =
  'attach an AI services opt-out policy with "default" or "translate" set to "optOut" to the root of the organization, or to the account: docs/deploying.md, translations'

/** By the code of AWS's answer. */
const mends: Readonly<Record<string, string>> = {
  AWSOrganizationsNotInUseException:
    'the account is in no organization, so nothing can be opted out of: make one, or take an account of one',
  EffectivePolicyNotFoundException: attach,
  AccessDeniedException: 'allow organizations:DescribeEffectivePolicy to whom these credentials belong',
  CredentialsProviderError: 'run it where the credentials of the worker are',
}

const fail = (detail: string, mend: string): Check => ({ name, ok: false, detail, mend })

const toCode = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')

/** Asks AWS Organizations whether texts that are translated may be used for anything else. An answer that cannot be had is a no. */
export const checkOptOut = async (variables: NodeJS.ProcessEnv): Promise<Check> => {
  const { TRANSLATE_REGION: region = '', TRANSLATE_ENDPOINT: endpoint = '' } = variables
  if (region === '') return { name, ok: true, detail: 'not asked: TRANSLATE_REGION is not set, so nothing is translated' }
  if (isInternalEndpoint(endpoint)) return { name, ok: true, detail: 'not asked: TRANSLATE_ENDPOINT is not AWS' }
  try {
    const { accountId, content } = await describeOptOutPolicy(region)
    const optOut = readOptOut(content)
    if (optOut === 'opted-out') return { name, ok: true, detail: `account ${accountId}: Amazon Translate may use texts for nothing else` }
    if (optOut === 'allowed') return fail(`account ${accountId}: Amazon Translate may use texts to improve AWS's services`, attach)
    return fail(`account ${accountId}: the policy is not understood`, attach)
  } catch (error) {
    const code = toCode(error)
    return fail(`the policy could not be read: ${code}`, mends[code] ?? 'mend that, and ask again')
  }
}

/** Whether texts may be used to improve AWS's services: `opted-out`: no. `allowed`: the policy says nothing of Amazon Translate, or that they may. `unreadable`: nobody knows. */
export type OptOut = 'opted-out' | 'allowed' | 'unreadable'

const child = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined

/** A policy as it is written says `{ "@@assign": … }` where an effective one has the value itself. The values are case-sensitive. */
const toChoice = (service: unknown): unknown => {
  const policy = child(service, 'opt_out_policy')
  return child(policy, '@@assign') ?? policy
}

/**
 * Reads an effective AI services opt-out policy, as AWS Organizations gives it out. What it says of Amazon Translate counts before what it says of all services.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html
 */
export const readOptOut = (content: string): OptOut => {
  try {
    const services = child(JSON.parse(content), 'services')
    if (typeof services !== 'object' || services === null) return 'unreadable'
    const choice = toChoice(child(services, 'translate')) ?? toChoice(child(services, 'default'))
    if (choice === 'optOut') return 'opted-out'
    return choice === undefined || choice === 'optIn' ? 'allowed' : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

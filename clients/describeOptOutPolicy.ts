import { DescribeEffectivePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations'

export type OptOutPolicy = { accountId: string; content: string }

/** AWS Organizations has one endpoint for each of AWS's partitions; no student data go there. */
const toOrganizationsRegion = (region: string): string => (region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1')

/**
 * The AI services opt-out policy that is in force for the account whose credentials these are, whoever in the organization has set it.
 * @throws what the SDK throws: `EffectivePolicyNotFoundException` when there is none, `AWSOrganizationsNotInUseException` when the account is in no organization.
 */
export const describeOptOutPolicy = async (region: string): Promise<OptOutPolicy> => {
  const organizations = new OrganizationsClient({
    region: toOrganizationsRegion(region),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  })
  const { EffectivePolicy } = await organizations.send(new DescribeEffectivePolicyCommand({ PolicyType: 'AISERVICES_OPT_OUT_POLICY' }))
  return { accountId: EffectivePolicy?.TargetId ?? '', content: EffectivePolicy?.PolicyContent ?? '' }
}

import { isResidentEndpoint, isUsRegion } from '../../domain/residency.ts'
import type { Check } from './check.ts'

/** What a process may be told of places to which student data go. */
const regionVariables = ['HALLPASS_REGION', 'S3_REGION', 'TRANSLATE_REGION'] as const
const endpointVariables = [
  'DATABASE_URL_APP',
  'DATABASE_URL_AUTH',
  'DATABASE_URL_RELAY',
  'DATABASE_URL_SWEEPER',
  'TEMPORAL_ADDRESS',
  'S3_ENDPOINT',
  'TRANSLATE_ENDPOINT',
  'SMTP_URL',
  'SMS_ENDPOINT',
  'MAIL_FEEDBACK_QUEUE_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  // Not ours: the AWS SDK reads them wherever no other endpoint is set.
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_TRANSLATE',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_KMS',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
] as const

/** Temporal's address has no protocol. */
const toUrl = (address: string): string => (address.includes('://') ? address : `grpc://${address}`)

const checkAll = (
  what: { name: string; all: readonly string[]; expected: string },
  variables: NodeJS.ProcessEnv,
  holds: (value: string) => boolean,
): Check => {
  const given = what.all.filter((variable) => (variables[variable] ?? '') !== '')
  const outside = given.filter((variable) => !holds(variables[variable] ?? ''))
  const { name, expected } = what
  if (outside.length === 0)
    return { name, ok: true, detail: given.length === 0 ? 'none is set' : `${given.join(', ')}: in the United States` }
  return { name, ok: false, detail: `${outside.join(', ')}: outside the United States, or unknown`, mend: expected }
}

/** Law 12, of what the environment says: the processes refuse the same at their start, one variable at a time. */
export const checkResidency = (variables: NodeJS.ProcessEnv): Check[] => [
  checkAll(
    { name: 'regions', all: regionVariables, expected: 'name a region in the United States, such as us-east-1' },
    variables,
    isUsRegion,
  ),
  checkAll(
    {
      name: 'endpoints',
      all: endpointVariables,
      expected: 'name an endpoint of AWS in the United States, of this machine or of the compose network',
    },
    variables,
    (value) => isResidentEndpoint(toUrl(value)),
  ),
]

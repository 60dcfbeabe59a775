import type { AttributeValue, Attributes } from '@opentelemetry/api'

/** Everything that a span may say beside its name and its times: ids, counts and enums (law 7). What is not listed is not exported. */
export const allowedAttributes: ReadonlySet<string> = new Set([
  'db.system.name',
  'error.type',
  'hallpass.district.id',
  'hallpass.outcome',
  'hallpass.system',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'temporal.activity.attempt',
  'temporal.activity.type',
  'temporal.run.id',
  'temporal.task_queue',
  'temporal.workflow.id',
  'temporal.workflow.type',
])

/** Ids, enums, patterns of routes and names of types: nothing that somebody could have written. */
const plainText = /^[\w./:{}*-]{1,200}$/

const isPlain = (value: AttributeValue | undefined): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && plainText.test(value))

/** What of these attributes may leave the process. */
export const toAllowedAttributes = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name, value]) => allowedAttributes.has(name) && isPlain(value)))

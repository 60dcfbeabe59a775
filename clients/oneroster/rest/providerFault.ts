import type { PullFaultCode } from '../../../domain/roster/pullFaults.ts'

/** What a provider may do that ends a pull, and whether it may be different another time. */
export const providerFaults = {
  'token-refused': { mayPass: false },
  'token-malformed': { mayPass: true },
  unauthorized: { mayPass: false },
  forbidden: { mayPass: false },
  'not-found': { mayPass: false },
  'request-refused': { mayPass: false },
  busy: { mayPass: true },
  failing: { mayPass: true },
  'answer-malformed': { mayPass: true },
  'pages-repeat': { mayPass: true },
  'total-wrong': { mayPass: true },
  'rows-moved': { mayPass: true },
  'rows-too-many': { mayPass: false },
} as const satisfies Partial<Record<PullFaultCode, { mayPass: boolean }>>

export type ProviderFaultCode = keyof typeof providerFaults

/** What a provider did that cannot be gone on with. Names the collection and the status, and nothing that the provider wrote. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault'
  readonly code: ProviderFaultCode
  /** Whether it may be different another time. */
  readonly mayPass: boolean

  constructor(code: ProviderFaultCode, at: { collection?: string; status?: number } = {}) {
    const where = [at.collection, at.status === undefined ? undefined : `status ${at.status}`].filter((part) => part !== undefined)
    super(where.length === 0 ? code : `${code} (${where.join(', ')})`)
    this.code = code
    this.mayPass = providerFaults[code].mayPass
  }
}

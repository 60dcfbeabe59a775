/** What a provider may do that ends a pull, and how to mend it. */
export const providerFaults = {
  'token-refused': { mayPass: false, mend: 'the token address, the client id or the secret is not accepted: set them again' },
  'token-malformed': { mayPass: true, mend: 'the token address answers no OAuth 2 token: see that it is the right one' },
  unauthorized: { mayPass: false, mend: 'a new token is refused too: see that this client may read the roster' },
  forbidden: { mayPass: false, mend: 'the client may not read this collection: give it roster-core.readonly' },
  'not-found': { mayPass: false, mend: 'there is no such collection: see that the base address is the one of OneRoster 1.2' },
  'request-refused': { mayPass: false, mend: 'the provider does not take sort, limit, offset or filter as OneRoster 1.2 has them' },
  busy: { mayPass: true, mend: 'the provider asks to wait: it is tried again later' },
  failing: { mayPass: true, mend: 'the provider fails: it is tried again later' },
  'answer-malformed': { mayPass: true, mend: 'the provider answers no JSON of OneRoster: ask whoever runs it' },
  'pages-repeat': { mayPass: true, mend: 'the provider gives the same rows again: ask whoever runs it whether it sorts by sourcedId' },
  'total-wrong': { mayPass: true, mend: 'the provider says another number of rows than it gives: ask whoever runs it' },
  'rows-moved': { mayPass: true, mend: 'rows came or went while they were read: it is tried again' },
  'rows-too-many': { mayPass: false, mend: 'more rows than any district has: ask whoever runs the provider' },
} as const satisfies Record<string, { mayPass: boolean; mend: string }>

export type ProviderFaultCode = keyof typeof providerFaults

/** What a provider did that cannot be gone on with. Names the collection and the status, and nothing that the provider wrote. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault'
  readonly code: ProviderFaultCode
  /** Whether it may be different another time. */
  readonly mayPass: boolean
  readonly mend: string

  constructor(code: ProviderFaultCode, at: { collection?: string; status?: number } = {}) {
    const where = [at.collection, at.status === undefined ? undefined : `status ${at.status}`].filter((part) => part !== undefined)
    super(where.length === 0 ? code : `${code} (${where.join(', ')})`)
    this.code = code
    this.mayPass = providerFaults[code].mayPass
    this.mend = providerFaults[code].mend
  }
}

import type { PullFaultCode } from '../../domain/roster/pullFaults.ts'

export const refusals = {
  'url-malformed': 'the address is no URL',
  'not-https': 'the address does not begin with https://',
  'credentials-in-url': 'the address has a user name or a password in it',
  'address-not-public': 'the name leads to an address that is not of the public internet',
  redirect: 'the server answered with a redirect',
  'too-large': 'the answer is larger than allowed',
  encoded: 'the answer is compressed, which was not asked for',
} as const satisfies Partial<Record<PullFaultCode, string>>
export type Refusal = keyof typeof refusals

/** We do not do that, however often it is tried. Names neither address nor host: they are the district's. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused'
  readonly code: Refusal

  constructor(code: Refusal) {
    super(refusals[code])
    this.code = code
  }
}

export const fetchFailures = {
  'timed-out': 'no whole answer in time',
  unreachable: 'the server could not be reached',
  'certificate-refused': 'the certificate of the server is not valid for its name',
  'broken-off': 'the answer broke off',
} as const satisfies Partial<Record<PullFaultCode, string>>
export type FetchFailure = keyof typeof fetchFailures

/** It did not work, and may another time. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed'
  readonly code: FetchFailure

  constructor(code: FetchFailure) {
    super(fetchFailures[code])
    this.code = code
  }
}

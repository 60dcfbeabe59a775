/** Why the fetching of a roster from the district's own system ended without a feed, and how the district mends it. */
export const pullFaults = {
  'token-refused': 'the token address, the client id or the secret is not accepted: set them again',
  'token-malformed': 'the token address answers no OAuth 2 token: see that it is the right one',
  unauthorized: 'a new token is refused too: see that this client may read the roster',
  forbidden: 'the client may not read one of the collections: give it roster-core.readonly',
  'not-found': 'there is no such collection: see that the base address is the one of OneRoster 1.2',
  'request-refused': 'the system does not take sort, limit, offset or filter as OneRoster 1.2 has them: ask whoever runs it',
  busy: 'the system asked to wait: it is tried again later',
  failing: 'the system fails: it is tried again later',
  'answer-malformed': 'the system answers no JSON of OneRoster: ask whoever runs it',
  'pages-repeat': 'the system gives the same rows again: ask whoever runs it whether it sorts by sourcedId',
  'total-wrong': 'the system says another number of rows than it gives: ask whoever runs it',
  'rows-moved': 'rows came or went while they were read: it is tried again',
  'rows-too-many': 'more rows than any district has: ask whoever runs the system',
  'url-malformed': 'the address is no URL: set it again',
  'not-https': 'the address does not begin with https://: set it again',
  'credentials-in-url': 'the address has a user name or a password in it: set it again without',
  'address-not-public': 'the name leads to an address that is not of the public internet: give the address of the service itself',
  redirect: 'the server answered with a redirect: give the address of the service itself',
  'too-large': 'an answer was larger than a page of the roster may be: ask whoever runs the system',
  encoded: 'an answer was compressed, which was not asked for: ask whoever runs the system',
  'timed-out': 'no whole answer came in time: it is tried again later',
  unreachable: 'the server could not be reached: it is tried again later',
  'certificate-refused': 'the certificate of the server is not valid for its name: ask whoever runs the system',
  'broken-off': 'an answer broke off: it is tried again later',
} as const satisfies Record<string, string>
export type PullFaultCode = keyof typeof pullFaults

/** Who does what about an attempt that failed. The types of our own faults are no codes of the district's system. */
export const toPullMend = (faultCode: string): string =>
  Object.hasOwn(pullFaults, faultCode)
    ? pullFaults[faultCode as PullFaultCode]
    : 'this is a fault of ours, and our engineers see it: it is tried again later'

import { secureHeaders } from 'hono/secure-headers'

/**
 * Headers for every answer: nothing here is a page that may run, be framed or be sniffed. A handler that serves a page
 * or a file sets its own policy first, and that one stays.
 */
export const protectResponses = (publicUrl: string) =>
  secureHeaders({
    overwrite: false,
    xFrameOptions: 'DENY',
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=63072000; includeSubDomains' : false,
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
  })

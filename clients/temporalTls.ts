import type { TLSConfig } from '@temporalio/client'
import { isInternalEndpoint } from '../domain/residency.ts'

/**
 * TLS for a Temporal address `host:port`: off on this machine and inside the compose network unless asked for, verified everywhere else
 * (law 10). @throws when plain text is asked for anywhere else.
 */
export const toTemporalTls = (address: string, asked?: TLSConfig | boolean): TLSConfig | boolean => {
  const isInternal = isInternalEndpoint(`http://${address}`)
  if (asked === false && !isInternal) throw new Error('Temporal is reached over TLS outside this machine')
  return asked ?? !isInternal
}

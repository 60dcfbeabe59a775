import { readFileSync } from 'node:fs'
import { isLoopbackEndpoint } from '../domain/residency.ts'

export type Connection = { clientUrl: string; driverOptions: Record<string, unknown> }

/**
 * Splits a `postgresql://` address into what the driver takes. TLS with a verified certificate is the rule; plain text is for
 * loopback, and for a compose network's single-label host if the address says `sslmode=disable`. `sslrootcert` names a CA file.
 * @throws when the address asks for anything weaker.
 */
export const toConnection = (url: string): Connection => {
  const address = new URL(url)
  const sslMode = address.searchParams.get('sslmode')
  const caFile = address.searchParams.get('sslrootcert')
  address.search = ''
  const plain = isLoopbackEndpoint(url) || (sslMode === 'disable' && !address.hostname.includes('.'))
  if (!plain && sslMode !== null && sslMode !== 'verify-full')
    throw new Error('DATABASE_URL: outside loopback only sslmode=verify-full is allowed')
  const ssl =
    plain && caFile === null ? false : { rejectUnauthorized: true, ...(caFile === null ? {} : { ca: readFileSync(caFile, 'utf8') }) }
  return { clientUrl: address.href, driverOptions: { ssl, options: '-c TimeZone=UTC', application_name: 'hallpass' } }
}

import { readFileSync } from 'node:fs'
import { isInternalEndpoint } from '../domain/residency.ts'

export type Connection = { clientUrl: string; driverOptions: Record<string, unknown> }

/**
 * Splits a `postgresql://` address into what the driver takes. Outside this machine and the compose network the connection is TLS with a
 * verified certificate (law 10), and inside it is too if the address says `sslmode=verify-full`. `sslrootcert` names a CA file.
 * @throws when the address asks for anything else.
 */
export const toConnection = (url: string): Connection => {
  const address = new URL(url)
  const sslMode = address.searchParams.get('sslmode')
  const caFile = address.searchParams.get('sslrootcert')
  address.search = ''
  const isInternal = isInternalEndpoint(url)
  // Whoever asks for a mode in between would get another than the one asked for.
  const modes = isInternal ? [null, 'disable', 'verify-full'] : [null, 'verify-full']
  if (!modes.includes(sslMode)) {
    const honoured = isInternal ? 'sslmode=disable or sslmode=verify-full' : 'sslmode=verify-full'
    throw new Error(`the database must be reached with ${honoured}`)
  }
  const isPlain = isInternal && sslMode !== 'verify-full'
  const ssl = isPlain ? false : { rejectUnauthorized: true, ...(caFile === null ? {} : { ca: readFileSync(caFile, 'utf8') }) }
  return { clientUrl: address.href, driverOptions: { ssl, options: '-c TimeZone=UTC', application_name: 'hallpass' } }
}

import { lookup as resolveName } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { callbackify } from 'node:util'
import { FetchRefused } from './fetchFault.ts'

/** Every address that a name has now. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export const resolveBySystem: Resolve = async (hostname) =>
  (await resolveName(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address)

/**
 * A `lookup` for sockets: resolves a name and hands over only what was checked, so that the address that was looked at is the one that is connected
 * to, whatever the name resolves to a moment later. One address that may not be reached refuses them all.
 */
export const toGuardedLookup = (resolve: Resolve, mayReach: (address: string) => boolean): LookupFunction => {
  const find = async (hostname: string): Promise<{ address: string; family: number }[]> => {
    const addresses = await resolve(hostname)
    if (addresses.length === 0 || !addresses.every(mayReach)) throw new FetchRefused('address-not-public')
    return addresses.map((address) => ({ address, family: isIP(address) }))
  }
  const findThen = callbackify(find)
  return (hostname, options, callback) =>
    findThen(hostname, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) callback(error, '', 0)
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
}

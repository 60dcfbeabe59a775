import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * What of IPv4 is not the public internet. Source: the IANA registry of special-purpose addresses (RFC 6890 and its updates), multicast
 * (RFC 5771) and the reserved class E.
 */
const specialIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const

/** What IANA has given out for global unicast (RFC 4291). Loopback, mapped IPv4, NAT64, unique local, link-local and multicast lie outside of it. */
const globalIPv6 = '2000::/3'

/** What of that is special all the same: Teredo, ORCHID and the like, documentation, 6to4, AS112. The transition forms carry an IPv4 address. */
const specialIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'] as const

const toList = (subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

const refusedIPv4 = toList(specialIPv4, 'ipv4')
const allowedIPv6 = toList([globalIPv6], 'ipv6')
const refusedIPv6 = toList(specialIPv6, 'ipv6')

/**
 * Whether an address is one of the public internet, as a resolver writes it. Everything else is not: names, addresses with a zone, and the
 * shorthands of old resolvers (`127.1`, `0x7f000001`).
 */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !refusedIPv4.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  return allowedIPv6.check(address, 'ipv6') && !refusedIPv6.check(address, 'ipv6')
}

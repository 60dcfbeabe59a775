/**
 * Law 12: where student data is kept or sent. Pure; the mains call it before they open a connection.
 */
const usRegions = new Set(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1'])

/** Whether an AWS region lies in the United States. */
export const isUsRegion = (region: string): boolean => usRegions.has(region)

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Single-label names resolve only inside a compose network. */
const isComposeInternal = (host: string): boolean => /^[a-z][a-z0-9-]*$/.test(host)

const looksLikeRegion = (label: string): boolean => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(label)

/**
 * `s3.us-east-1.amazonaws.com`, `bucket.s3.us-west-2.amazonaws.com`, `db.abc.us-east-1.rds.amazonaws.com`, `….us-east-1.vpce.amazonaws.com` and
 * their like. The region is read at its place, last but for the two services that stand behind it: a bucket or a database may be named
 * like a region. A host that names any other region anywhere is refused too.
 */
const isAwsUs = (host: string): boolean => {
  const region = /(?:^|\.)([a-z0-9-]+)(?:\.rds|\.vpce)?\.amazonaws\.com$/.exec(host)?.[1] ?? ''
  return isUsRegion(region) && host.split('.').every((label) => !looksLikeRegion(label) || isUsRegion(label))
}

/** Whether an endpoint may be given student data: AWS in the US, this machine, or the compose network. */
export const isResidentEndpoint = (endpoint: string): boolean => {
  if (!URL.canParse(endpoint)) return false
  const host = new URL(endpoint).hostname.toLowerCase()
  return isLoopback(host) || isComposeInternal(host) || isAwsUs(host)
}

/** Whether an endpoint is on this machine, so that it may be reached without TLS (law 10). */
export const isLoopbackEndpoint = (endpoint: string): boolean =>
  URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname.toLowerCase())

/** Whether an endpoint is on this machine or the compose network, the only places that may be reached without TLS (law 10). */
export const isInternalEndpoint = (endpoint: string): boolean => {
  if (!URL.canParse(endpoint)) return false
  const host = new URL(endpoint).hostname.toLowerCase()
  return isLoopback(host) || isComposeInternal(host)
}

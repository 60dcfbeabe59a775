import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** PEM. */
export type Certificate = { cert: string; key: string }

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : Buffer.concat([Buffer.from([0x82]), Buffer.from([body.length >> 8, body.length & 255])])
  return Buffer.concat([Buffer.from([tag]), length, body])
}
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const [ecdsaWithSha256, commonName, basicConstraints, alternativeName] = ['2a8648ce3d040302', '550403', '551d13', '551d11'].map(oid) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
]
const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))))
const time = (text: string): Buffer => der(0x17, Buffer.from(text))
const yes = der(0x01, Buffer.from([255]))

const toExtension = (hosts: readonly string[] | 'authority'): Buffer => {
  if (hosts === 'authority') return sequence(basicConstraints, yes, der(0x04, sequence(yes)))
  const names = hosts.map((host) => (isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))))
  return sequence(alternativeName, der(0x04, sequence(...names)))
}

/** An X.509 v3 certificate (RFC 5280): of an authority when there is no `issuer`, else of a server with these names or IPv4 addresses. */
export const makeCertificate = (hosts: readonly string[] | 'authority', issuer: Certificate | null = null): Certificate => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(ecdsaWithSha256)
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, issuer === null ? 1 : 2])),
    algorithm,
    nameOf('Invented authority'),
    sequence(time('200101000000Z'), time('491231000000Z')),
    nameOf(issuer === null ? 'Invented authority' : 'Invented provider'),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(toExtension(hosts))),
  )
  const signer = issuer === null ? pair.privateKey : createPrivateKey(issuer.key)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, signer))
  const lines =
    sequence(content, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

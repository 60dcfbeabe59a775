import { createECDH, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** The order of the curve P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/**
 * ECDSA P-256 over a SHA-256 digest, DER encoded, as KMS does for `MessageType: DIGEST`. For a test server only: node:crypto signs messages
 * but not digests, and this arithmetic does not hide the key from whoever measures its time.
 */
export const signDigest = (privateKey: KeyObject, digest: Buffer): Buffer => {
  const secret = toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url'))
  const once = createECDH('prime256v1')
  const nonce = (toNumber(randomBytes(40)) % (order - 1n)) + 1n
  once.setPrivateKey(Buffer.from(nonce.toString(16).padStart(64, '0'), 'hex'))
  const r = toNumber(once.getPublicKey().subarray(1, 33)) % order
  const s = (invert(nonce) * (toNumber(digest) + r * secret)) % order
  const body = Buffer.concat([toDerInteger(r), toDerInteger(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

/** By Fermat: a^(order − 2), since the order is prime. */
const invert = (value: bigint): bigint => {
  let [result, base] = [1n, value % order]
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order
    base = (base * base) % order
  }
  return result
}

const toDerInteger = (value: bigint): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex')
  // The first bit is the sign.
  const positive = (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
}

/**
 * Temporal's payload codec: every input, result, signal, heartbeat, failure message and summary is encrypted before it leaves the process
 * (law 7). AES-256-GCM over the protobuf of the payload, under a key of the fleet's ring; no remote call for a payload.
 *
 * The encoded payload's data: nonce (12) · ciphertext · tag (16). Its metadata: `encoding`, `encryption-key-id`, both authenticated.
 */
import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { joinParts } from './joinParts.ts'
import type { PayloadKeyRing } from './payloadKeyRing.ts'

/** A payload is not encrypted, was tampered with, or its key is not in the ring. */
export class PayloadUnreadable extends Error {
  override name = 'PayloadUnreadable'
}

const encoding = 'binary/encrypted'
const nonceBytes = 12
const tagBytes = 16
const { Payload: PayloadMessage } = proto.temporal.api.common.v1

/**
 * Decoding refuses what is not encrypted: a plain payload was not written by this fleet, and must not reach a workflow.
 * @throws RangeError when the ring has no current key or a key is not 32 bytes.
 */
export const createPayloadCodec = (ring: PayloadKeyRing): PayloadCodec => {
  const current = ring.keys.get(ring.current)
  if (!current || [...ring.keys.values()].some((key) => key.length !== 32)) throw new RangeError('not a key ring')
  // Node takes three times as long to make a cipher with the bare bytes of a key, for every payload.
  const keys = new Map([...ring.keys].map(([id, key]) => [id, createSecretKey(key)]))
  const currentKey = createSecretKey(current)
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(currentKey, ring.current, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(keys, payload)),
  }
}

/** Whether a payload was made by this codec. */
export const isEncrypted = (payload: Payload): boolean => metadataText(payload, 'encoding') === encoding

const encrypt = (key: KeyObject, keyId: string, payload: Payload): Payload => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(joinParts([encoding, keyId]))
  const ciphertext = cipher.update(PayloadMessage.encode(payload).finish())
  cipher.final()
  return {
    metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(keyId) },
    data: Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]),
  }
}

const decrypt = (keys: ReadonlyMap<string, KeyObject>, payload: Payload): Payload => {
  if (!isEncrypted(payload)) throw new PayloadUnreadable('the payload is not encrypted')
  const keyId = metadataText(payload, 'encryption-key-id')
  const key = keys.get(keyId)
  if (!key) throw new PayloadUnreadable('the key of the payload is not in the ring')
  const sealed = Buffer.from(payload.data ?? [])
  if (sealed.length < nonceBytes + tagBytes) throw new PayloadUnreadable('the payload is cut short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(joinParts([encoding, keyId]))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const plaintext = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    throw new PayloadUnreadable('the payload does not open')
  }
  return PayloadMessage.decode(plaintext)
}

const metadataText = (payload: Payload, name: string): string => Buffer.from(payload.metadata?.[name] ?? []).toString('utf8')

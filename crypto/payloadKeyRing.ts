/**
 * The fleet's key ring for Temporal payloads (laws 7 and 10). New payloads are encrypted under the current key; older keys stay until
 * the retention of the histories they encrypted has ended.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { KeyService } from '../domain/ports.ts'

/** Keys are 32 bytes, by id. `current` is one of the ids. */
export type PayloadKeyRing = { current: string; keys: ReadonlyMap<string, Buffer> }

/** A ring as it may be kept in configuration: each key wrapped by the key service, base64. */
export type WrappedKeyRing = { current: string; keys: Record<string, string> }

/** The name in the key service under which payload keys are wrapped. */
const payloadKeyName = 'fleet/payloads'

const keyId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/)
const wrappedKeyRingSchema = z
  .strictObject({ current: keyId, keys: z.record(keyId, z.base64().min(1)) })
  .refine((ring) => Object.hasOwn(ring.keys, ring.current), { error: 'current names no key of the ring', path: ['current'] })

/** @throws ZodError when the text is no ring. */
export const parseWrappedKeyRing = (json: string): WrappedKeyRing => wrappedKeyRingSchema.parse(JSON.parse(json))

// A wrapped key moved to another id does not unwrap, so nobody can make an old key current under a new name.
const contextOf = (id: string): Record<string, string> => ({ purpose: 'temporal-payloads', keyId: id })

/** Unwraps every key once, so that no payload needs a remote call. Rejects when one key does not unwrap: half a ring hides histories. */
export const unwrapKeyRing = async (keys: KeyService, ring: WrappedKeyRing): Promise<PayloadKeyRing> => {
  const unwrap = async ([id, wrapped]: [string, string]): Promise<[string, Buffer]> => [
    id,
    await keys.unwrapDataKey(payloadKeyName, Buffer.from(wrapped, 'base64'), contextOf(id)),
  ]
  return { current: ring.current, keys: new Map(await Promise.all(Object.entries(ring.keys).map(unwrap))) }
}

/** A ring with one new key, which is current. */
export const createKeyRing = async (keys: KeyService): Promise<WrappedKeyRing> => {
  await keys.ensureKey(payloadKeyName, 'encrypt')
  const id = randomUUID()
  return { current: id, keys: { [id]: await wrapNewKey(keys, id) } }
}

/**
 * The ring with one more key, which is not current yet. Two steps, so that rotation needs no pause: roll this ring out to every process,
 * then make the key current with `promoteKey`.
 */
export const addKey = async (keys: KeyService, ring: WrappedKeyRing): Promise<{ ring: WrappedKeyRing; keyId: string }> => {
  const id = randomUUID()
  return { ring: { current: ring.current, keys: { ...ring.keys, [id]: await wrapNewKey(keys, id) } }, keyId: id }
}

/** The ring with another of its keys current. @throws RangeError when the ring has no such key. */
export const promoteKey = (ring: WrappedKeyRing, id: string): WrappedKeyRing => {
  if (!Object.hasOwn(ring.keys, id)) throw new RangeError('no such key in the ring')
  return { ...ring, current: id }
}

const wrapNewKey = async (keys: KeyService, id: string): Promise<string> => {
  const { plaintext, wrapped } = await keys.generateDataKey(payloadKeyName, contextOf(id))
  plaintext.fill(0)
  return wrapped.toString('base64')
}

import type { Payload, PayloadCodec } from '@temporalio/common'
import { isEncrypted } from '../crypto/payloadCodec.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type PayloadJson = { metadata: { [name: string]: string }; data?: string }

/**
 * The same JSON with every payload opened: what it holds stands in its place. Answers how many were decrypted and how many did not open. Payloads hold ids,
 * counts and verdicts (law 7). In the place of one that does not open stands `{ unreadable }`: its key is not in the ring, or it was tampered with.
 */
export const decodeHistory = async (
  history: unknown,
  codec: PayloadCodec,
): Promise<{ history: unknown; payloads: number; unreadable: number }> => {
  const counts = { payloads: 0, unreadable: 0 }
  const walk = async (json: Json): Promise<Json> => {
    if (Array.isArray(json)) return Promise.all(json.map(walk))
    if (json === null || typeof json !== 'object') return json
    if (isPayload(json)) return open(json)
    return Object.fromEntries(await Promise.all(Object.entries(json).map(async ([name, value]) => [name, await walk(value)] as const)))
  }
  const open = async (json: PayloadJson): Promise<Json> => {
    const payload = toPayload(json)
    if (!isEncrypted(payload)) return toValue(payload)
    try {
      const [plain] = await codec.decode([payload])
      counts.payloads += 1
      return plain === undefined ? null : toValue(plain)
    } catch (error) {
      counts.unreadable += 1
      return { unreadable: error instanceof Error ? error.name : 'Error' }
    }
  }
  return { history: await walk(history as Json), ...counts }
}

/** How many payloads of a history are encrypted: what decoding it will open. */
export const countEncrypted = (json: unknown): number => {
  if (Array.isArray(json)) return json.reduce<number>((count, part) => count + countEncrypted(part), 0)
  if (json === null || typeof json !== 'object') return 0
  if (isPayload(json as { [name: string]: Json })) return isEncrypted(toPayload(json as PayloadJson)) ? 1 : 0
  return countEncrypted(Object.values(json))
}

const isPayload = (json: { [name: string]: Json }): json is PayloadJson =>
  json['metadata'] !== null &&
  typeof json['metadata'] === 'object' &&
  !Array.isArray(json['metadata']) &&
  typeof json['metadata']?.['encoding'] === 'string'

const toPayload = ({ metadata, data = '' }: PayloadJson): Payload => ({
  metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
  data: Buffer.from(data, 'base64'),
})

const toValue = ({ metadata, data }: Payload): Json => {
  const encoding = Buffer.from(metadata?.['encoding'] ?? []).toString()
  const bytes = Buffer.from(data ?? [])
  if (encoding === 'binary/null') return null
  if (!encoding.startsWith('json/')) return { encoding, bytes: bytes.length }
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    return { encoding, bytes: bytes.length }
  }
}

import type { Payload, PayloadCodec } from '@temporalio/common'
import { present } from './present.ts'

/** Where saved histories begin: a day that means nothing. */
const epoch = Date.parse('2026-01-05T15:00:00Z')

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/**
 * Makes the JSON of a run's history fit to be kept in the repository: payloads under the public replay key instead of the run's own,
 * no stack traces, no name of a machine, no dates but made-up ones. What a replay compares stays as it was.
 */
export const portHistory = async (history: unknown, codecs: { from: PayloadCodec; to: PayloadCodec }): Promise<Json> => {
  const json = structuredClone(history) as Json
  const shift = epoch - firstTime(json)
  return walk(json, shift, codecs)
}

const timestamp = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

const firstTime = (json: Json): number => {
  const times = [...JSON.stringify(json).matchAll(/"eventTime":"([^"]+)"/g)].map(([, time]) => Date.parse(present(time)))
  return Math.min(...times)
}

/** Sticky queues are named after the worker: `{pid}@{machine}-{random}`. */
const portText = (text: string, shift: number): string =>
  timestamp.test(text) ? new Date(Date.parse(text) + shift).toISOString() : text.replace(/\b\d+@[\w.-]+/g, 'test-worker')

const walk = async (json: Json, shift: number, codecs: { from: PayloadCodec; to: PayloadCodec }): Promise<Json> => {
  if (typeof json === 'string') return portText(json, shift)
  if (Array.isArray(json)) return Promise.all(json.map((part) => walk(part, shift, codecs)))
  if (json === null || typeof json !== 'object') return json
  if (isEncryptedPayload(json)) return reencrypt(json, codecs)
  const entries = await Promise.all(
    Object.entries(json).map(async ([name, value]): Promise<[string, Json]> => [
      name,
      name === 'identity' ? 'test' : await walk(value, shift, codecs),
    ]),
  )
  return Object.fromEntries(entries)
}

type PayloadJson = { metadata: { [name: string]: string }; data: string }

const isEncryptedPayload = (json: { [name: string]: Json }): json is PayloadJson & { [name: string]: Json } => {
  const { metadata, data } = json
  if (typeof data !== 'string' || metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return false
  return typeof metadata.encoding === 'string' && Buffer.from(metadata.encoding, 'base64').toString() === 'binary/encrypted'
}

const reencrypt = async ({ metadata, data }: PayloadJson, { from, to }: { from: PayloadCodec; to: PayloadCodec }): Promise<Json> => {
  const stored: Payload = {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    data: Buffer.from(data, 'base64'),
  }
  const plain = (await from.decode([stored])).map(withoutStackTrace)
  const [encrypted] = await to.encode(plain)
  return {
    metadata: Object.fromEntries(
      Object.entries(present(encrypted).metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(present(encrypted).data ?? []).toString('base64'),
  }
}

/** A failure's encoded attributes: `{ message, stack_trace }`, whose trace names files of the machine it ran on. */
const withoutStackTrace = (payload: Payload): Payload => {
  const text = Buffer.from(payload.data ?? []).toString()
  if (!text.includes('"stack_trace"')) return payload
  return { ...payload, data: Buffer.from(JSON.stringify({ ...(JSON.parse(text) as object), stack_trace: '' })) }
}

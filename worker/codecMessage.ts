import type { Payload } from '@temporalio/common'
import { z } from 'zod'

/** The JSON form of payloads in Temporal's remote codec protocol: bytes in base64 (protobuf's JSON mapping). */
export type PayloadsJson = { payloads: { metadata: Record<string, string>; data: string }[] }

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const messageSchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).default({}), data: base64.default('') })).default([]),
})

/** Null when the text is no such message. */
export const parsePayloads = (text: string): Payload[] | null => {
  const message = messageSchema.safeParse(parseJson(text))
  if (!message.success) return null
  return message.data.payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    data: Buffer.from(data, 'base64'),
  }))
}

export const toPayloadsJson = (payloads: readonly Payload[]): PayloadsJson => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)])),
    data: toBase64(data),
  })),
})

const toBase64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64')

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

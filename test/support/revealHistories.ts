import type { Client } from '@temporalio/client'
import type { Payload, PayloadCodec } from '@temporalio/common'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const isPayload = (json: { [name: string]: Json }): json is { metadata: { [name: string]: string }; data: string } =>
  typeof json.data === 'string' && json.metadata !== null && typeof json.metadata === 'object' && !Array.isArray(json.metadata)

const decode = async (payload: { metadata: { [name: string]: string }; data: string }, codec: PayloadCodec): Promise<string> => {
  const stored: Payload = {
    metadata: Object.fromEntries(Object.entries(payload.metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    data: Buffer.from(payload.data, 'base64'),
  }
  // What runs are found by cannot be sealed; the codec refuses what is not.
  const isSealed = Buffer.from(stored.metadata?.encoding ?? []).toString() === 'binary/encrypted'
  const opened = isSealed ? await codec.decode([stored]) : [stored]
  return opened.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n')
}

/** Every text in it, payloads opened: those that are sealed, and those that are not. */
const listTexts = async (json: Json, codec: PayloadCodec): Promise<string[]> => {
  if (typeof json === 'string') return [json]
  if (json === null || typeof json !== 'object') return []
  if (Array.isArray(json)) return (await Promise.all(json.map((part) => listTexts(part, codec)))).flat()
  if (isPayload(json)) return [await decode(json, codec)]
  return [...Object.keys(json), ...(await Promise.all(Object.values(json).map((part) => listTexts(part, codec)))).flat()]
}

/** What the Temporal UI shows to an engineer with a codec: everything that a namespace's runs were given, did and answered; and, apart, what they are found by, which is sealed by nothing. */
export const revealHistories = async (
  { client, codec }: { client: Client; codec: PayloadCodec },
  query?: string,
): Promise<{ histories: string; searchAttributes: string }> => {
  const histories: string[] = []
  const found: string[] = []
  for await (const run of client.workflow.list(query === undefined ? {} : { query })) {
    const { workflowId, runId, type, taskQueue, memo, typedSearchAttributes } = run
    found.push(JSON.stringify({ workflowId, type, taskQueue, memo, attributes: typedSearchAttributes.getAll() }))
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    histories.push(...(await listTexts(JSON.parse(historyToJSON(history)) as Json, codec)))
  }
  return { histories: histories.join('\n'), searchAttributes: found.join('\n') }
}

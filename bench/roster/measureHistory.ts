import type { Client } from '@temporalio/client'
import { atMost, type Measured } from '../bench.ts'

/** Every payload of an event, wherever it stands in it, in bytes. */
const listPayloadBytes = (value: unknown): number[] => {
  if (value === null || typeof value !== 'object') return []
  if (value instanceof Uint8Array) return [value.byteLength]
  return Object.values(value).flatMap(listPayloadBytes)
}

/** How long the history of a run is, and how large the largest of what it carries. */
export const measureHistory = async (client: Client, workflowId: string): Promise<Measured> => {
  const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory()
  const largest = Math.max(0, ...(events ?? []).flatMap(listPayloadBytes))
  return {
    ratios: { history_events: atMost(events?.length ?? 0, 2_000), largest_payload_kib: atMost(largest / 1_024, 64) },
    figures: {},
  }
}

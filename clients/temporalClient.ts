import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import type { TLSConfig } from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common'
import type { DataConverter, SearchAttributePair } from '@temporalio/common'
import type { searchAttributes } from '../workflows/contract.ts'
import { describeRun } from './describeRun.ts'
import { toTemporalTls } from './temporalTls.ts'
import { traceStarts } from './traceStarts.ts'

export type TemporalOptions = {
  /** `host:port` */
  address: string
  namespace: string
  /** Made by `createDataConverter`. */
  dataConverter: DataConverter
  tls?: TLSConfig | boolean
}

/** A run to start. `input` holds ids and counts only (law 7); the ids become search attributes, which are never encrypted. */
export type WorkflowRequest = {
  type: string
  /** What it works on and which attempt: starting twice is starting once. */
  workflowId: string
  taskQueue: string
  input: Readonly<Record<string, string | number>>
  districtId: string
  attachmentId?: string
  syncId?: string
  translationId?: string
}

// gRPC waits up to two minutes between tries by default: an outage of Temporal must not outlive itself by that.
const reconnecting = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.min_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 5_000,
}

/**
 * A client that connects on its first call and again after every loss, so that a process starts, and keeps answering, while Temporal is
 * down (law 5). Close it with `client.connection.close()`.
 */
export const connectTemporal = ({ address, namespace, dataConverter, tls }: TemporalOptions): Client =>
  new Client({
    connection: Connection.lazy({ address, tls: toTemporalTls(address, tls), channelArgs: reconnecting }),
    namespace,
    dataConverter,
    interceptors: { workflow: [traceStarts] },
  })

/**
 * Starts the run unless its id is running or was ever run: both count as started. Rejects when Temporal does not answer by the deadline;
 * the run may then exist all the same, and a later call finds it.
 */
export const startWorkflow = async (client: Client, request: WorkflowRequest, deadlineMs = 1_000): Promise<void> => {
  const { summary, details } = describeRun(request)
  const start = async (): Promise<void> => {
    await client.workflow.start(request.type, {
      workflowId: request.workflowId,
      taskQueue: request.taskQueue,
      args: [request.input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: toSearchAttributes(request),
      staticSummary: summary,
      staticDetails: details,
    })
  }
  try {
    await client.withDeadline(Date.now() + deadlineMs, start)
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** Signals the open run of this id. Rejects when there is none, or when Temporal does not answer by the deadline. */
export const signalRun = (client: Client, workflowId: string, signal: string, deadlineMs = 1_000): Promise<void> =>
  client.withDeadline(Date.now() + deadlineMs, () => client.workflow.getHandle(workflowId).signal(signal))

const toSearchAttributes = ({ districtId, attachmentId, syncId, translationId }: WorkflowRequest): TypedSearchAttributes => {
  const pairs = [toKeyword('DistrictId', districtId)]
  if (attachmentId !== undefined) pairs.push(toKeyword('AttachmentId', attachmentId))
  if (syncId !== undefined) pairs.push(toKeyword('SyncId', syncId))
  if (translationId !== undefined) pairs.push(toKeyword('TranslationId', translationId))
  return new TypedSearchAttributes(pairs)
}

const toKeyword = (name: keyof typeof searchAttributes, value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
})

import { isGrpcServiceError, type Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { RunRef } from '../../crypto/archiveBinding.ts'
import type { ClosedRun } from './archiveKey.ts'

/** Closing times, milliseconds since 1970: from `from` on, before `to`. */
export type ClosedBetween = { from: number; to: number }

/** What Temporal knows of runs that have ended. It learns of an end a moment after it. */
export type ClosedRuns = {
  count(between: ClosedBetween): Promise<number>
  list(between: ClosedBetween): Promise<ClosedRun[]>
  /** The events of a run as JSON, read page by page, payloads as encrypted as they are kept. Fails with `RunGone` when the server has forgotten it. */
  events(run: RunRef): AsyncIterable<string>
}

/** The server does not know the run: its retention is over, or somebody deleted it. */
export class RunGone extends Error {
  override readonly name = 'RunGone'
}

/** gRPC's NOT_FOUND. */
const notFound = 5
const pageSize = 500

/** The closed runs of every queue whose name begins like one of these: of workflows that work on what somebody sent. Sweeps have a queue of their own. */
export const createClosedRuns = (client: Client, queuePrefixes: readonly string[]): ClosedRuns => {
  if (queuePrefixes.some((prefix) => /['"\\]/.test(prefix))) throw new RangeError('a queue name holds no quotes')
  const toQuery = ({ from, to }: ClosedBetween): string =>
    [
      `(${queuePrefixes.map((prefix) => `TaskQueue STARTS_WITH '${prefix}'`).join(' OR ')})`,
      `ExecutionStatus != 'Running'`,
      `CloseTime >= '${new Date(from).toISOString()}'`,
      `CloseTime < '${new Date(to).toISOString()}'`,
    ].join(' AND ')
  return {
    count: async (between) => (await client.workflow.count(toQuery(between))).count,
    list: async (between) => {
      const runs: ClosedRun[] = []
      for await (const { workflowId, runId, closeTime } of client.workflow.list({ query: toQuery(between), pageSize })) {
        if (closeTime !== undefined) runs.push({ workflowId, runId, closedAt: closeTime })
      }
      return runs
    },
    events: (run) => readEvents(client, run),
  }
}

async function* readEvents(client: Client, { workflowId, runId }: RunRef): AsyncGenerator<string> {
  let nextPageToken: Uint8Array = new Uint8Array()
  do {
    const page = await client.workflowService
      .getWorkflowExecutionHistory({ namespace: client.options.namespace, execution: { workflowId, runId }, nextPageToken })
      .catch((cause: unknown) => {
        throw isNotFound(cause) ? new RunGone('the run is not there', { cause }) : cause
      })
    if (!page.history) throw new Error('the server sent no history')
    const { events } = JSON.parse(historyToJSON(page.history)) as { events?: unknown[] }
    for (const event of events ?? []) yield JSON.stringify(event)
    nextPageToken = page.nextPageToken
  } while (nextPageToken.length > 0)
}

const isNotFound = (error: unknown): boolean => {
  if (!isGrpcServiceError(error)) return false
  const code: number = error.code
  return code === notFound
}

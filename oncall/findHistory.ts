import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { WorkflowNotFoundError } from '@temporalio/client'
import { validate as isId } from 'uuid'
import { readArchivedHistory } from '../clients/archive/readArchivedHistory.ts'
import { Fault } from './fault.ts'
import type { HistoryEvent } from './historyEvent.ts'
import type { Oncall } from './openOncall.ts'

/** A run's history, payloads still encrypted. */
export type FoundHistory = { workflowId: string; runId: string; source: 'temporal' | 'archive'; events: HistoryEvent[] }

/**
 * From Temporal while it keeps the run, or else from the archive. `wanted` is the id of a workflow, whose last run it is, or of a run.
 * @throws {Fault} when neither has it.
 */
export const findHistory = async (oncall: Oncall, wanted: string, run: string | undefined): Promise<FoundHistory> => {
  const asked = isId(wanted) ? await findByRun(oncall, wanted) : { workflowId: wanted, ...(run === undefined ? {} : { runId: run }) }
  const kept = await fetchKept(oncall, asked)
  if (kept !== null && kept !== 'away') return kept
  const archived = await readArchivedHistory({ archive: oncall.buckets.archive, keys: await oncall.openKeys() }, asked)
  if (archived !== null)
    return { workflowId: archived.workflowId, runId: archived.runId, source: 'archive', events: archived.history.events as HistoryEvent[] }
  throw new Fault(
    kept === 'away'
      ? 'Temporal does not answer, and the archive has no such run: runs that are open, or closed a moment ago, are in Temporal alone'
      : 'neither Temporal nor the archive has such a run',
  )
}

/** The server finds a run by its own id; the archive is ordered by the workflow's. */
const findByRun = async ({ looker }: Oncall, runId: string): Promise<{ workflowId: string; runId: string }> => {
  const find = async (): Promise<string | null> => {
    for await (const { workflowId } of looker.workflow.list({ query: `RunId = '${runId}'` })) return workflowId
    return null
  }
  const workflowId = await looker.withDeadline(Date.now() + 5_000, find).catch(() => null)
  if (workflowId === null)
    throw new Fault(
      'Temporal does not know a run of that id, or does not answer.\n  mend: name the workflow too, as <workflowId> --run <runId>: the archive is ordered by it',
    )
  return { workflowId, runId }
}

const fetchKept = async (
  { looker }: Oncall,
  { workflowId, runId }: { workflowId: string; runId?: string },
): Promise<FoundHistory | 'away' | null> => {
  try {
    return await looker.withDeadline(Date.now() + 30_000, async () => {
      const described = await looker.withDeadline(Date.now() + 5_000, () => looker.workflow.getHandle(workflowId, runId).describe())
      const history = await looker.workflow.getHandle(workflowId, described.runId).fetchHistory()
      const { events } = JSON.parse(historyToJSON(history)) as { events: HistoryEvent[] }
      return { workflowId, runId: described.runId, source: 'temporal' as const, events }
    })
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? null : 'away'
  }
}

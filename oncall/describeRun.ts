import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { isOpenRun } from '../clients/isOpenRun.ts'
import { toRunLink } from '../clients/toRunLink.ts'
import { toFailureType } from './toFailureType.ts'
import type { Oncall } from './openOncall.ts'

/** An activity that a run waits for. */
export type PendingActivity = { activity: string; tries: number; lastFailure: string | null }

/** What the server tells of a run without its payloads: nothing of it is decoded. */
export type KnownRun = {
  workflowId: string
  runId: string
  /** Of the server: `RUNNING`, `COMPLETED`, `FAILED`, `TERMINATED`, … */
  status: string
  isOpen: boolean
  /** As the run says it; null while it has said nothing. */
  stage: string | null
  startedAt: Date
  closedAt: Date | null
  pending: PendingActivity[]
  /** More than 1 while the workflow's own code cannot go on, as after a change that does not replay. */
  workflowTaskTries: number
  /** In the Temporal UI. */
  link: string
}

const deadlineMs = 3_000
const stageKey = defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD)

/** The newest run under the id, or the one named: also after a reset, which gives the id another run. Null when there is none. Rejects when the server does not answer. */
export const describeRun = async (oncall: Oncall, workflowId: string, runId?: string): Promise<KnownRun | null> => {
  const { looker } = oncall
  try {
    const found = await looker.withDeadline(Date.now() + deadlineMs, () => looker.workflow.getHandle(workflowId, runId).describe())
    return { ...toKnownRun(oncall, found), ...toPending(found) }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null
    throw error
  }
}

type Listed = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId' | 'status' | 'typedSearchAttributes' | 'startTime' | 'closeTime'>

/** The runs that the server lists for an attachment, the last first, at most 50. It lists what happened a moment ago a moment later. */
export const listRunsOf = (oncall: Oncall, attachmentId: string): Promise<KnownRun[]> =>
  oncall.looker.withDeadline(Date.now() + deadlineMs, async () => {
    const runs: KnownRun[] = []
    for await (const found of oncall.looker.workflow.list({ query: `AttachmentId = '${attachmentId}'`, pageSize: 50 })) {
      runs.push({ ...toKnownRun(oncall, found), pending: [], workflowTaskTries: 1 })
      if (runs.length === 50) break
    }
    return runs.toSorted((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
  })

const toKnownRun = ({ config }: Oncall, found: Listed): Omit<KnownRun, 'pending' | 'workflowTaskTries'> => ({
  workflowId: found.workflowId,
  runId: found.runId,
  status: found.status.name,
  isOpen: isOpenRun(found.status.name),
  stage: found.typedSearchAttributes.get(stageKey) ?? null,
  startedAt: found.startTime,
  closedAt: found.closeTime ?? null,
  link: toRunLink({ uiUrl: config.TEMPORAL_UI_URL, namespace: config.TEMPORAL_NAMESPACE }, found),
})

const toPending = ({ raw }: WorkflowExecutionDescription): Pick<KnownRun, 'pending' | 'workflowTaskTries'> => ({
  pending: (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => ({
    activity: activityType?.name ?? '?',
    tries: attempt ?? 1,
    lastFailure: toFailureType(lastFailure),
  })),
  workflowTaskTries: raw.pendingWorkflowTask?.attempt ?? 1,
})

/** Whether the server answers at all. */
export const isTemporalThere = ({ looker }: Pick<Oncall, 'looker'>): Promise<boolean> =>
  looker
    .withDeadline(Date.now() + deadlineMs, async () => {
      await looker.workflowService.getSystemInfo({})
    })
    .then(
      () => true,
      () => false,
    )

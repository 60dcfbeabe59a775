import { activityInfo } from '@temporalio/activity'
import type { Alert } from '../domain/ports.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { toRunLink } from './toRunLink.ts'

type OutageDeps = Pick<AttachmentDeps, 'pager' | 'temporal'>

/** Says that scans wait. The key is that of the outage, not of the run: many waiting runs make one alert. */
export const createRaiseOutage =
  (deps: OutageDeps) =>
  async (ref: AttachmentRef, outageKey: string): Promise<void> =>
    deps.pager.raise(toAlert(deps, ref, outageKey, 'trigger'))

/** Says that the outage has ended. */
export const createResolveOutage =
  (deps: OutageDeps) =>
  async (ref: AttachmentRef, outageKey: string): Promise<void> =>
    deps.pager.raise(toAlert(deps, ref, outageKey, 'resolve'))

const summaries: Record<string, string> = {
  'scanner-down': 'The virus scanner gives no answers: attachments wait, none passes unchecked',
  'attachments-delayed': 'Attachments wait: a step of their scan keeps failing',
}

const toAlert = (deps: OutageDeps, ref: AttachmentRef, outageKey: string, action: Alert['action']): Alert => {
  const { workflowExecution: run } = activityInfo()
  return {
    action,
    dedupKey: outageKey,
    severity: 'error',
    summary: summaries[outageKey] ?? 'Attachments wait',
    source: 'hallpass-worker',
    component: 'attachments',
    details: { districtId: ref.districtId, attachmentId: ref.attachmentId, attempt: ref.attempt },
    ...(run === undefined ? {} : { links: [{ href: toRunLink(deps.temporal, run), text: 'A waiting run' }] }),
  }
}

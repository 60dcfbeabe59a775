import { proxyActivities } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { AttachmentRef } from './contract.ts'
import { showStage } from './showStage.ts'

export type RemovalOutcome = { incomingVersions: number; cleanObjects: number }

/**
 * Removes what an uploader deleted: the key first, so that the bytes cannot be read again whatever happens next, then the
 * object, then every incoming version. Tries until the store lets it: a deletion is never given up.
 */
export async function removeAttachment(ref: AttachmentRef): Promise<RemovalOutcome> {
  const { removeCleanObject, removeIncoming } = proxyActivities<AttachmentActivities>({
    startToCloseTimeout: '1 minute',
    summary: 'for good: tried until the store lets it',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  })
  showStage(ref, 'removing')
  const clean = await removeCleanObject(ref)
  const incoming = await removeIncoming(ref)
  showStage(ref, 'done')
  return { cleanObjects: clean.removed, incomingVersions: incoming.outcome === 'removed' ? incoming.versions : 0 }
}

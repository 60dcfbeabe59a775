import { createHash, randomBytes } from 'node:crypto'
import { activityInfo, ApplicationFailure } from '@temporalio/activity'
import { withOperations } from '../db/operationsDistrict.ts'
import { endSession } from '../db/queries/endSession.ts'
import { findCompletedUpload } from '../db/queries/findCompletedUpload.ts'
import { mintSession } from '../db/queries/mintSession.ts'
import { syntheticPeople } from '../db/syntheticPeople.ts'
import { syntheticEicar, toSyntheticBytes } from '../domain/syntheticEicar.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

const by = { kind: 'system', name: syntheticEicar.name } as const
const sessionSeconds = 120

/**
 * Sends one test virus through the API and the store's front door, as the teacher of the operations district, with a session that is ended at once. Tried again, it is the
 * same attachment.
 */
export const createSendTestVirus =
  ({ app, frontDoor }: SyntheticDeps) =>
  async (): Promise<string> => {
    if (frontDoor === null) throw ApplicationFailure.nonRetryable('no address of the API is known', 'NoFrontDoor')
    const idempotencyKey = activityInfo().workflowExecution?.runId ?? randomBytes(16).toString('hex')
    // A ticket whose upload is completed is not given again.
    const sent = await withOperations(app, (tx) => findCompletedUpload(tx, { userId: syntheticPeople.teacherId, key: idempotencyKey }))
    if (sent !== null) return sent
    const token = randomBytes(32).toString('base64url')
    const tokenHash = createHash('sha256').update(token).digest()
    const session = await withOperations(app, (tx) =>
      mintSession(tx, { userId: syntheticPeople.teacherId, tokenHash, lifeSeconds: sessionSeconds, by, reason: 'to send the test virus' }),
    )
    if (session === null) throw ApplicationFailure.nonRetryable('the synthetic teacher is gone', 'NoSyntheticTeacher')
    try {
      const { fileName, contentType } = syntheticEicar
      const { channelId } = syntheticPeople
      const content = toSyntheticBytes(randomBytes(12))
      const { attachmentId } = await frontDoor.send({
        token,
        channelId,
        fileName,
        contentType,
        content,
        idempotencyKey,
      })
      return attachmentId
    } finally {
      await withOperations(app, (tx) => endSession(tx, { sessionId: session.sessionId, by }))
    }
  }

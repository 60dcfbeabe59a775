import { ApplicationFailure } from '@temporalio/activity'
import { computeScope } from '../../db/computeScope.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { findScope } from '../../db/queries/findScopeFacts.ts'
import { recordScopeReceipt } from '../../db/queries/recordScopeReceipt.ts'
import type { AnnouncementRef } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Writes the receipt of who an announcement was for, once. Answers how many they were. */
export const createRecordScope =
  ({ app }: Pick<RosterDeps, 'app'>) =>
  ({ districtId, announcementId }: AnnouncementRef): Promise<{ recipients: number }> =>
    withDistrict(app, districtId, async (tx) => {
      const scope = await findScope(tx, announcementId)
      if (scope === null) throw ApplicationFailure.nonRetryable('there is no such announcement', 'NoSuchAnnouncement')
      if (scope.receipt !== null) return { recipients: scope.receipt.count }
      const { recipientIds, root } = await computeScope(tx, scope)
      await recordScopeReceipt(tx, { announcementId, count: recipientIds.length, root })
      return { recipients: recipientIds.length }
    })

import { activityInfo } from '@temporalio/activity'
import { toRunLink } from '../../clients/toRunLink.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { failSync } from '../../db/queries/failSync.ts'
import { toAlert } from '../../domain/alerts.ts'
import type { SyncRef } from '../../workflows/contract.ts'
import { raiseAlert } from '../raiseAlert.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Ends a sync by a fault of ours, and tells the engineers. The row first: the next sync of the district waits for its end. */
export const createFailRosterSync =
  ({ app, pager, temporal }: Pick<RosterDeps, 'app' | 'pager' | 'temporal'>) =>
  async (ref: SyncRef, faultCode: string): Promise<void> => {
    const { districtId, syncId, attempt } = ref
    await withDistrict(app, districtId, (tx) => failSync(tx, { syncId, attempt, faultCode }))
    const { workflowExecution: run } = activityInfo()
    const alert = toAlert('roster-sync-failed', {
      action: 'trigger',
      subject: syncId,
      note: faultCode,
      details: { districtId, syncId, attempt, fault: faultCode },
      ...(run === undefined ? {} : { links: [{ href: toRunLink(temporal, run), text: 'The run' }] }),
    })
    await raiseAlert(pager, alert)
  }

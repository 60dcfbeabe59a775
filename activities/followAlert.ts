import type { Database } from '../db/openDatabase.ts'
import { withOperations } from '../db/operationsDistrict.ts'
import { claimAlertEnd } from '../db/queries/claimAlertEnd.ts'
import { forgetAlert } from '../db/queries/forgetAlert.ts'
import { markAlertRaised } from '../db/queries/markAlertRaised.ts'
import { noteAlert } from '../db/queries/noteAlert.ts'
import { alerts, toAlert, toDedupKey, type AlertOccasion, type LastingAlertName } from '../domain/alerts.ts'
import type { Pager } from '../domain/ports.ts'
import { raiseAlert } from './raiseAlert.ts'

/** What somebody sees of a trouble when they look: whether it `holds` now. */
export type Sign = Omit<AlertOccasion, 'action'> & { holds: boolean }

/** Tells what a look found. Rejects when the database or the pager cannot be reached: look again later. */
export type FollowAlert = (name: LastingAlertName, sign: Sign) => Promise<void>

/** The pager is told again while the trouble holds: it may have lost the alert, or somebody closed it too early. The same key is the same page. */
const raiseAgainAfterSeconds = 300

/**
 * Follows a trouble that lasts, over all workers: one page when it has held for as long as `domain/alerts` says, one resolve when nobody has
 * seen it for its quiet time. What every look says is kept in the database, so it does not matter who looks, how many, or who dies.
 */
export const createFollowAlert =
  ({ app, pager }: { app: Database; pager: Pager }): FollowAlert =>
  async (name, { holds, ...occasion }) => {
    const { afterSeconds, quietSeconds } = alerts[name].ends
    const dedupKey = toDedupKey(name, occasion.subject)
    if (holds) {
      const { lastsSeconds, raisedSecondsAgo } = await withOperations(app, (tx) => noteAlert(tx, { dedupKey, quietSeconds }))
      if (lastsSeconds < afterSeconds || (raisedSecondsAgo !== null && raisedSecondsAgo < raiseAgainAfterSeconds)) return
      await raiseAlert(pager, toAlert(name, { ...occasion, action: 'trigger' }))
      await withOperations(app, (tx) => markAlertRaised(tx, dedupKey))
      return
    }
    const ending = await withOperations(app, (tx) => claimAlertEnd(tx, { dedupKey, quietSeconds }))
    if (ending === null) return
    if (ending.wasRaised) await raiseAlert(pager, toAlert(name, { ...occasion, action: 'resolve' }))
    await withOperations(app, (tx) => forgetAlert(tx, dedupKey))
  }

import { log } from '@temporalio/activity'
import { MailRefused } from '../../clients/smtpMailer.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { findRemovals } from '../../db/queries/findRemovals.ts'
import { listAdministrators } from '../../db/queries/listAdministrators.ts'
import { toRemovalNotice, type RemovalNews } from '../../domain/roster/removalNotice.ts'
import type { RemovalRef } from '../../workflows/contract.ts'
import type { RosterDeps } from './rosterDeps.ts'

/**
 * Tells everybody who administers the district at this moment, by mail, that removals wait for a decision; nothing when somebody has decided. An address
 * that takes no mail keeps no other from being told. Answers how many were.
 */
export const createTellAdministrators =
  ({ app, districtKeys, mailer }: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  async ({ districtId, syncId }: RemovalRef, news: RemovalNews): Promise<{ told: number }> => {
    const { removals, administrators } = await withDistrict(app, districtId, async (tx) => ({
      removals: await findRemovals(tx, syncId),
      administrators: await listAdministrators(tx),
    }))
    if (removals?.removals !== 'waiting') return { told: 0 }
    const notice = toRemovalNotice(news, { syncId, held: removals.held })
    const cipher = await districtKeys.forDistrict(districtId)
    let told = 0
    for (const { userId, email } of administrators) {
      if (email === null) continue
      const to = cipher.openText({ table: 'users', rowId: userId, column: 'email' }, email)
      try {
        await mailer.send({ id: `removal.${syncId}.${news}.${userId}`, to, ...notice })
        told += 1
      } catch (error) {
        if (!(error instanceof MailRefused)) throw error
        log.warn('the address takes no mail', { answer: error.message })
      }
    }
    return { told }
  }

import { toUnsubscribeToken } from '../../crypto/unsubscribeToken.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { claimNews, markAddressRefused, markNotified } from '../../db/queries/claimNews.ts'
import { findNoticeLanguage } from '../../domain/notices/findNoticeLanguage.ts'
import type { BatchRef } from '../../workflows/contract.ts'
import { mailOnce } from '../mailOnce.ts'
import type { NoticeDeps } from './noticeDeps.ts'

/**
 * Tells somebody how many new things there are, and nothing of what. Decides at this moment what is news (law 1): what was read, hidden, withdrawn or is theirs to see no
 * more is not counted, and with nothing left nothing is sent. The mail of one notification has one Message-ID, however often it is tried.
 */
export const createTellNews =
  ({ app, districtKeys, mailer, publicUrl }: Omit<NoticeDeps, 'pace'>) =>
  async ({ districtId, userId, batch }: BatchRef, notification: number): Promise<{ outcome: 'mailed' | 'unreachable' | 'no-news' }> => {
    const ref = { userId, batch, notification }
    const news = await withDistrict(app, districtId, (tx) => claimNews(tx, ref))
    if (news === null) {
      await withDistrict(app, districtId, (tx) => markNotified(tx, { ...ref, isTold: false }))
      return { outcome: 'no-news' }
    }
    const { count, email, emailHash, preferredLanguage } = news
    const isMailed = email !== null && (await send({ count, email, preferredLanguage }))
    await withDistrict(app, districtId, async (tx) => {
      if (email !== null && !isMailed && emailHash !== null) await markAddressRefused(tx, { userId, emailHash })
      await markNotified(tx, { ...ref, isTold: true })
    })
    return { outcome: isMailed ? 'mailed' : 'unreachable' }

    async function send(mail: { count: number; email: Buffer; preferredLanguage: string }): Promise<boolean> {
      const cipher = await districtKeys.forDistrict(districtId)
      const to = cipher.openText({ table: 'users', rowId: userId, column: 'email' }, mail.email)
      const words = findNoticeLanguage(mail.preferredLanguage)
      const unsubscribeUrl = `${publicUrl}/unsubscribe/${toUnsubscribeToken((said) => cipher.hashForLookup(said), { districtId, userId })}`
      return mailOnce(mailer, {
        id: `notice.${userId}.${batch}.${notification}`,
        to,
        subject: words.subject(mail.count),
        text: words.mail({ count: mail.count, link: publicUrl, unsubscribe: unsubscribeUrl }),
        unsubscribeUrl,
      })
    }
  }

import { toUnsubscribeToken } from '../../crypto/unsubscribeToken.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { claimNews, markNotified, type ClaimedNews } from '../../db/queries/claimNews.ts'
import { markAddressRefused, markNumberRefused } from '../../db/queries/markRefused.ts'
import { findNoticeLanguage } from '../../domain/notices/findNoticeLanguage.ts'
import { toE164 } from '../../domain/notices/toE164.ts'
import type { BatchRef } from '../../workflows/contract.ts'
import { mailOnce } from '../mailOnce.ts'
import { smsOnce } from '../smsOnce.ts'
import type { NoticeDeps } from './noticeDeps.ts'

type TellDeps = Omit<NoticeDeps, 'pace' | 'maintenanceQueue'>
type Told = { outcome: 'mailed' | 'texted' | 'unreachable' | 'no-news' }
/** Somebody of a district and one notification of theirs. `id`: the same of the same notification. */
type Addressee = { districtId: string; userId: string; id: string }

/**
 * Tells somebody how many new things there are, and nothing of what: by mail, or a guardian whom no mail reaches by text message. Decides at this moment what is news
 * (law 1): what was read, hidden, withdrawn or is theirs to see no more is not counted, and with nothing left nothing is sent. The mail of one notification has one Message-ID,
 * however often it is tried; a text message whose sender died before it heard that it was taken may be sent twice, for no provider knows it again.
 */
export const createTellNews =
  (deps: TellDeps) =>
  async ({ districtId, userId, batch }: BatchRef, notification: number): Promise<Told> => {
    const ref = { userId, batch, notification }
    const addressee = { districtId, userId, id: `notice.${userId}.${batch}.${notification}` }
    const end = async (outcome: Told['outcome']): Promise<Told> => {
      await withDistrict(deps.app, districtId, (tx) => markNotified(tx, { ...ref, isTold: outcome !== 'no-news' }))
      return { outcome }
    }
    for (;;) {
      const news = await withDistrict(deps.app, districtId, (tx) => claimNews(tx, ref))
      if (news === null) return end('no-news')
      const { email, emailHash, phone, phoneHash } = news
      if (email !== null) {
        if (await sendMail(deps, addressee, { ...news, email })) return end('mailed')
        if (emailHash === null) return end('unreachable')
        await withDistrict(deps.app, districtId, (tx) => markAddressRefused(tx, { userId, emailHash }))
      } else if (phone !== null && deps.smsSender !== null) {
        if (await sendSms(deps, deps.smsSender, addressee, { ...news, phone })) return end('texted')
        if (phoneHash === null) return end('unreachable')
        await withDistrict(deps.app, districtId, (tx) => markNumberRefused(tx, { userId, phoneHash }))
      } else return end('unreachable')
      // What was refused is chosen no more: where there is another way, it is tried at once.
    }
  }

const sendMail = async (
  { districtKeys, mailer, publicUrl }: TellDeps,
  { districtId, userId, id }: Addressee,
  { count, email, preferredLanguage }: ClaimedNews & { email: Buffer },
): Promise<boolean> => {
  const cipher = await districtKeys.forDistrict(districtId)
  const words = findNoticeLanguage(preferredLanguage)
  const unsubscribeUrl = `${publicUrl}/unsubscribe/${toUnsubscribeToken((said) => cipher.hashForLookup(said), { districtId, userId })}`
  return mailOnce(mailer, {
    id,
    to: open(cipher, userId, 'email', email),
    subject: words.subject(count),
    text: words.mail({ count, link: publicUrl, unsubscribe: unsubscribeUrl }),
    unsubscribeUrl,
    recipient: { districtId, userId },
  })
}

const sendSms = async (
  { districtKeys, publicUrl }: TellDeps,
  smsSender: NonNullable<TellDeps['smsSender']>,
  { districtId, userId, id }: Addressee,
  { count, phone, preferredLanguage }: ClaimedNews & { phone: Buffer },
): Promise<boolean> => {
  const to = toE164(open(await districtKeys.forDistrict(districtId), userId, 'phone', phone))
  if (to === null) return false
  return smsOnce(smsSender, { id, to, text: findNoticeLanguage(preferredLanguage).sms({ count, link: publicUrl }) })
}

const open = (cipher: ColumnCipher, userId: string, column: 'email' | 'phone', sealed: Buffer): string =>
  cipher.openText({ table: 'users', rowId: userId, column }, sealed)

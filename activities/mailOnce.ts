import { log } from '@temporalio/activity'
import { MailRefused } from '../clients/smtpMailer.ts'
import type { Mail, Mailer } from '../domain/ports.ts'

/** Sends one mail. Answers false when the address takes none, ever; rejects when it may later. */
export const mailOnce = async (mailer: Mailer, mail: Mail): Promise<boolean> => {
  try {
    await mailer.send(mail)
    return true
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error
    log.warn('the address takes no mail', { answer: error.message })
    return false
  }
}

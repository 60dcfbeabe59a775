import { createTransport } from 'nodemailer'
import type { Mail, Mailer } from '../domain/ports.ts'
import { toSmtpOptions } from './toSmtpOptions.ts'

/** The server did not take the mail now. Says neither to whom it went nor what the server quoted: both may name a person. */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable'
}

/** The server will never take this mail. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** One recipient, never a list. */
const oneAddress = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/

/** Sends plain text to one person by SMTP. @throws MailUnavailable, MailRefused */
export const createSmtpMailer = ({ url, from }: { url: string; from: string }): Mailer => {
  const transport = createTransport(toSmtpOptions(url))
  return {
    send: async ({ to, subject, text }: Mail) => {
      if (!oneAddress.test(to)) throw new MailRefused('mail goes to exactly one address')
      // An address object is taken as it stands, a string would be parsed as a list.
      const envelope = { from: { name: '', address: from }, to: { name: '', address: to } }
      const headers = { 'Auto-Submitted': 'auto-generated' }
      await transport.sendMail({ ...envelope, subject, text, headers }).catch((error: unknown) => {
        throw toMailFault(error)
      })
    },
  }
}

/** Without a cause: nodemailer's errors carry the recipient and the server's words. */
const toMailFault = (error: unknown): Error => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  const answer = error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0
  const isLasting = answer >= 500 && answer < 600 && code !== 'EAUTH'
  return isLasting ? new MailRefused(`the mail server refused: ${answer}`) : new MailUnavailable(`the mail server took nothing: ${code}`)
}

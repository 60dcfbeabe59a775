import { createTransport } from 'nodemailer'
import type { Mail, Mailer, Recipient } from '../domain/ports.ts'
import { toSmtpOptions } from './toSmtpOptions.ts'

/**
 * The server did not take the mail now, or never will until its settings or ours are mended: anything but a refused recipient. Says neither
 * to whom it went nor what the server quoted: both may name a person.
 */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable'
  /** What went wrong, for a log: the step and the server's answer. */
  readonly code: string

  constructor(code: string) {
    super(`the mail server took nothing: ${code}`)
    this.code = code
  }
}

/** The server will never take mail for this address. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** One recipient, never a list. */
const oneAddress = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/

/** `configurationSet`: of Amazon SES, which then says of each mail that bounces whose it was. */
export type SmtpOptions = { url: string; from: string; configurationSet?: string | undefined }

/** Sends plain text to one person by SMTP. @throws MailUnavailable, MailRefused */
export const createSmtpMailer = ({ url, from, configurationSet }: SmtpOptions): Mailer => {
  const transport = createTransport(toSmtpOptions(url))
  return {
    send: async ({ id, to, subject, text, unsubscribeUrl, recipient }: Mail) => {
      if (!oneAddress.test(to)) throw new MailRefused('mail goes to exactly one address')
      // An address object is taken as it stands, a string would be parsed as a list.
      const envelope = { from: { name: '', address: from }, to: { name: '', address: to } }
      const headers = {
        'Auto-Submitted': 'auto-generated',
        ...toUnsubscribeHeaders(unsubscribeUrl),
        ...toSesHeaders(configurationSet, recipient),
      }
      const messageId = `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`
      await transport.sendMail({ ...envelope, messageId, subject, text, headers }).catch((error: unknown) => {
        throw toMailFault(error)
      })
    },
  }
}

/** RFC 8058, 3.1: the address takes one POST, and asks nothing. */
const toUnsubscribeHeaders = (url: string | undefined): Record<string, string> =>
  url === undefined ? {} : { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }

/** SES takes them off, and repeats the tags in what it says of the mail later. */
const toSesHeaders = (configurationSet: string | undefined, { districtId, userId }: Recipient): Record<string, string> =>
  configurationSet === undefined
    ? {}
    : { 'X-SES-CONFIGURATION-SET': configurationSet, 'X-SES-MESSAGE-TAGS': `district=${districtId}, person=${userId}` }

/** Without a cause: nodemailer's errors carry the recipient and the server's words. */
const toMailFault = (error: unknown): Error => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  const answer = error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0
  const command = error instanceof Error && 'command' in error ? error.command : null
  if (command === 'RCPT TO' && answer >= 500 && answer < 600) return new MailRefused(`the mail server refused the address: ${answer}`)
  return new MailUnavailable(answer === 0 ? code : `${code}_${answer}`)
}

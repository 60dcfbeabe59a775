import { createTransport } from 'nodemailer'
import type { Mailer } from '../domain/ports.ts'
import { isInternalEndpoint } from '../domain/residency.ts'

/** The mail server did not take the mail. Carries its answer code and nothing of the mail. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent'
  /** The server will never take this mail: the address does not exist, or was refused. */
  readonly isPermanent: boolean
  constructor(responseCode: number | null) {
    super(`the mail server answered ${responseCode ?? 'nothing'}`)
    this.isPermanent = responseCode !== null && responseCode >= 500
  }
}

/** Mail over SMTP. Outside this machine and the compose network the connection is TLS, verified, or there is none (law 10). */
export const createSmtpMailer = ({ url, from, timeoutMs = 10_000 }: { url: string; from: string; timeoutMs?: number }): Mailer => {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isImplicitTls = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname,
    port: port === '' ? (isImplicitTls ? 465 : 587) : Number(port),
    secure: isImplicitTls,
    requireTLS: !isImplicitTls && !isInternalEndpoint(url),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ to, subject, text }) => {
      try {
        await transport.sendMail({ from, to, subject, text })
      } catch (error) {
        const code = error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
        throw new MailNotSent(code)
      }
    },
  }
}

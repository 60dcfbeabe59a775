import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport'
import { isInternalEndpoint } from '../domain/residency.ts'

/**
 * How to connect to the mail server of `smtp://` or `smtps://[user:password@]host[:port]`. Outside of this machine and the compose network
 * the connection is TLS and verified, from the start (`smtps`) or by a STARTTLS without which nothing is sent (law 10).
 */
export const toSmtpOptions = (address: string): SMTPTransportOptions => {
  const url = new URL(address)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw new TypeError('a mail server is smtp:// or smtps://')
  const isSecure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    secure: isSecure,
    requireTLS: !isSecure && !isInternalEndpoint(address),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

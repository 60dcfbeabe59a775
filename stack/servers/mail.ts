import { mkdirSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import type { Server, ServerContext } from './server.ts'

const component = 'Mail sink (maildev)'

export type MailAddress = { smtp: string; web: string }

/** The command line's own file; the package's `exports` name only its library. */
const findMaildev = (): string => {
  const description = findPackageJSON('maildev', import.meta.url)
  if (description === undefined) throw new Error('the package maildev is not installed')
  return join(dirname(description), 'dist/bin/maildev.js')
}

/** A mail server that keeps what it is sent and shows it on a web page; nothing leaves the machine. */
export const startMail = async (context: ServerContext, options: { smtpPort: number; webPort: number }): Promise<Server<MailAddress>> => {
  const { smtpPort, webPort } = options
  const folder = join(context.folder, 'mail')
  mkdirSync(folder, { recursive: true })
  const listen = ['--ip', '127.0.0.1', '--smtp', String(smtpPort), '--web-ip', '127.0.0.1', '--web', String(webPort)]
  const started = await context.supervisor.start({
    name: 'mail',
    command: process.execPath,
    args: [findMaildev(), ...listen, '--mail-directory', folder, '--max-emails', '5000', '--silent'],
    env: childEnvironment(),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'mail.log'),
  })
  const web = `http://127.0.0.1:${webPort}`
  await waitUntilHealthy({
    component,
    process: started,
    check: async () => (await fetch(`${web}/api/healthz`)).ok,
    mend: 'read the log named above',
  })
  return { address: { smtp: `smtp://127.0.0.1:${smtpPort}`, web }, process: started }
}

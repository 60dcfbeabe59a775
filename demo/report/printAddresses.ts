import type { Writable } from 'node:stream'
import type { Apps } from '../../stack/startApps.ts'
import type { Stack } from '../../stack/startStack.ts'

/** Where to look while everything is up. */
export const printAddresses = (stream: Writable, stack: Stack, apps: Apps): void => {
  const lines = [
    ['API and its docs', apps.api.docs],
    ['Temporal UI', stack.temporal.ui],
    ['Mail that was sent', stack.mail.web],
    ['Text messages', stack.sms.web],
    [
      'Translations',
      stack.translation.endpoint === null ? `off: ${stack.translation.problem}` : `${stack.translation.endpoint} (Apertium)`,
    ],
    ['Alerts', stack.pager.web],
  ]
  stream.write(`\n${lines.map(([what, address]) => `  ${what?.padEnd(20)} ${address}`).join('\n')}\n\nCtrl-C stops everything.\n`)
}

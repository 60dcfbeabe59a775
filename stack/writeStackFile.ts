import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenDistrict } from '../demo/district/openSampleDistricts.ts'
import type { Apps } from './startApps.ts'
import type { Stack } from './startStack.ts'

export const stackFileName = 'stack.json'

/** Everything a client needs to be pointed at the running stack. */
const describe = (stack: Stack, apps: Apps, district: OpenDistrict) => ({
  api: apps.api,
  worker: apps.worker,
  temporal: { ...stack.temporal, codecEndpoint: apps.codec.url, codecToken: stack.codec.token },
  ui: stack.temporal.ui,
  s3: stack.s3,
  clamd: stack.clamd,
  postgres: stack.postgres,
  mail: stack.mail,
  translation: stack.translation,
  sms: { endpoint: stack.sms.endpoint, web: stack.sms.web },
  pager: { url: stack.pager.url, web: stack.pager.web, routingKey: stack.pager.routingKey },
  // The credentials are those of the system that sends the roster.
  district: { id: district.districtId, name: district.name, machine: district.credentials },
  users: district.people,
  session: {
    command: 'npm run session -- --user <id>',
    use: 'Authorization: Bearer <token>',
  },
  logs: join(stack.folder, 'logs'),
})

/** Writes `stack.json` (addresses and secrets, mode 0600) into the stack's folder. Answers a function that removes it. */
export const writeStackFile = (stack: Stack, apps: Apps, district: OpenDistrict): { path: string; remove: () => void } => {
  const path = join(stack.folder, stackFileName)
  writeFileSync(`${path}.new`, `${JSON.stringify(describe(stack, apps, district), null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return { path, remove: () => rmSync(path, { force: true }) }
}

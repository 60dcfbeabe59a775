/** `npm run district-keys`: rotates the keys of one district, without a pause and with a row in its audit log. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openDatabase } from '../db/openDatabase.ts'
import { rewrapKeys } from '../db/rewrapKeys.ts'
import { rotateDataKey } from '../db/rotateDataKey.ts'
import { findStaffName } from '../clients/findStaffName.ts'
import { findCommandSource } from './findCommandSource.ts'

const help = `npm run district-keys -- rotate|rewrap --district <id> --reason <why> [--json]

  rotate  begins a new epoch of the district's column key: what is written from ten minutes on is sealed with it; older epochs stay readable
  rewrap  wraps every key of the district again under the newest key of the key service; may be stopped and run again

Reads DATABASE_URL_APP and KEY_FILE (or HALLPASS_REGION for AWS KMS), or else .stack/stack.json. Exits 0 when done, 2 when not.
`

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      district: { type: 'string' },
      reason: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const action = z.enum(['rotate', 'rewrap'], { error: 'say rotate or rewrap (--help tells the difference)' }).parse(positionals[0])
  const districtId = z.uuid({ error: '--district must be the id of a district' }).toLowerCase().parse(values.district)
  const reason = z.string({ error: '--reason is required: it stands in the audit log' }).trim().min(1).max(500).parse(values.reason)
  const source = findCommandSource()
  const database = await openDatabase({ url: source.appUrl, connectionsMax: 1 })
  try {
    const deps = { database, keyService: await source.openKeyService() }
    const act = { districtId, by: { kind: 'staff' as const, name: findStaffName() }, reason }
    const done = action === 'rotate' ? { epoch: await rotateDataKey(deps, act) } : await rewrapKeys(deps, act)
    const counts = Object.entries(done).map(([name, count]) => `${name} ${count}`)
    process.stdout.write(values.json ? `${JSON.stringify({ action, districtId, ...done })}\n` : `${action}: ${counts.join(', ')}\n`)
  } finally {
    await database.close()
  }
}

try {
  await main()
} catch (error) {
  const message =
    error instanceof z.ZodError ? error.issues.map((issue) => issue.message).join('; ') : error instanceof Error ? error.message : 'failed'
  process.stderr.write(`hallpass: ${message}\n`)
  process.exitCode = 2
}

/** `npm run audit:verify`: checks the sealed audit log of one district or of all, and names the first bad batch and row. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { toAuditKeyName } from '../db/auditHeader.ts'
import { acrossDistricts, openDatabase } from '../db/openDatabase.ts'
import { listDistricts } from '../db/queries/listDistricts.ts'
import { verifyAudit } from '../db/verifyAudit.ts'
import type { AuditAnchor, AuditVerification } from '../db/verifyAudit.ts'
import { findCommandSource } from './findCommandSource.ts'
import type { CommandSource } from './findCommandSource.ts'

const help = `npm run audit:verify -- [--district <id>] [--public-key <file.pem>] [--anchor <number>:<hash>] [--json]

Checks the audit log from its first batch on: the chain, the signatures, the Merkle roots and every sealed row. Stops at the first fault of
a district and names the batch and the row. Exits 0 if all is well, 1 if a fault was found, 2 if it could not look.

  --district    one district; without it all, found by DATABASE_URL_SWEEPER
  --public-key  check signatures with this key instead of the key service's (with --district)
  --anchor      a head printed by an earlier run: finds out whether the end of the log was cut off since (with --district)

Reads DATABASE_URL_APP, DATABASE_URL_SWEEPER and KEY_FILE (or HALLPASS_REGION for AWS KMS), or else .stack/stack.json.
`

const toAnchor = (text: string): AuditAnchor => {
  const match = /^(\d+):([0-9a-f]{64})$/.exec(text)
  if (!match?.[1] || !match[2]) throw new Error('--anchor must be <number>:<hash>, as an earlier run printed it')
  return { number: Number(match[1]), hash: match[2] }
}

const listAll = async (url: string | undefined): Promise<string[]> => {
  if (url === undefined) throw new Error('DATABASE_URL_SWEEPER is not set: name one --district')
  const sweeper = await openDatabase({ url, connectionsMax: 1 })
  try {
    return await acrossDistricts(sweeper, listDistricts)
  } finally {
    await sweeper.close()
  }
}

const describe = ({ districtId, batches, sealedEntries, unsealedEntries, head, fault }: AuditVerification): string => {
  const counts = `${batches} batches, ${sealedEntries} sealed entries, ${unsealedEntries} waiting`
  if (fault === null) return `ok     ${districtId}  ${counts}${head ? `  head ${head.number}:${head.hash}` : ''}`
  return `FAULT  ${districtId}  ${fault.kind} in batch ${fault.batchNumber}${fault.entryId ? `, entry ${fault.entryId}` : ''}  (after ${counts})`
}

const verifyAll = async (
  source: CommandSource,
  options: { district?: string | undefined; publicKey?: string | undefined; anchor?: string | undefined },
) => {
  const districts = options.district === undefined ? await listAll(source.sweeperUrl) : [options.district]
  const keyService = options.publicKey === undefined ? await source.openKeyService() : null
  const anchor = options.anchor === undefined ? null : toAnchor(options.anchor)
  const database = await openDatabase({ url: source.appUrl, connectionsMax: 1 })
  const readKey = async (districtId: string): Promise<string> => {
    if (options.publicKey !== undefined) return readFileSync(options.publicKey, 'utf8')
    if (keyService === null) throw new Error('there is no key to check with')
    return keyService.publicKey(toAuditKeyName(districtId))
  }
  try {
    const results: AuditVerification[] = []
    for (const districtId of districts)
      results.push(await verifyAudit({ database, readPublicKey: () => readKey(districtId) }, districtId, anchor))
    return results
  } finally {
    await database.close()
  }
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      district: { type: 'string' },
      'public-key': { type: 'string' },
      anchor: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  if (values.district !== undefined && !z.uuid().safeParse(values.district).success)
    throw new Error('--district must be the id of a district')
  if (values.district === undefined && (values.anchor ?? values['public-key'])) throw new Error('--anchor and --public-key need --district')
  const results = await verifyAll(findCommandSource(), {
    district: values.district,
    publicKey: values['public-key'],
    anchor: values.anchor,
  })
  process.stdout.write(
    values.json ? `${JSON.stringify({ districts: results })}\n` : results.map((result) => `${describe(result)}\n`).join(''),
  )
  return results.some(({ fault }) => fault !== null) ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`hallpass: ${error instanceof Error ? error.message : 'the audit log could not be read'}\n`)
  process.exitCode = 2
}

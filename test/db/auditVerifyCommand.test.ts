import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toAuditKeyName } from '../../db/auditHeader.ts'
import { anEntryOf, openAuditLog, type AuditLog } from './auditLog.ts'

let log: AuditLog
beforeAll(async () => {
  log = await openAuditLog()
})
afterAll(() => log?.close())

const run = async (args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
  const env = { ...process.env, DATABASE_URL_APP: log.test.urls.app, DATABASE_URL_SWEEPER: log.test.urls.sweeper, KEY_FILE: log.keyFolder }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['scripts/auditVerifyMain.ts', ...args], { env })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

describe('npm run audit:verify', () => {
  it('exits 0 for a whole log, and with a public key needs no key service', async () => {
    const districtId = await log.createSealed()
    const file = join(log.keyFolder, 'public.pem')
    await writeFile(file, await log.keyService.publicKey(toAuditKeyName(districtId)))
    const { code, stdout } = await run(['--district', districtId, '--public-key', file])
    expect([code, stdout]).toEqual([0, expect.stringContaining(`ok     ${districtId}  3 batches, 12 sealed entries, 0 waiting  head 3:`)])
  })

  it('exits 1 and names batch and entry among all districts', async () => {
    const districtId = await log.createSealed()
    await log.tamper(districtId, `delete from audit_entries where district_id = $1 and ${anEntryOf(2)}`)
    const { code, stdout } = await run(['--json'])
    const { districts } = JSON.parse(stdout) as { districts: Array<{ districtId: string; fault: unknown }> }
    expect(code).toBe(1)
    expect(districts.find((district) => district.districtId === districtId)?.fault).toMatchObject({ batchNumber: 2, kind: 'entry-missing' })
  })

  it('exits 2 when it could not look', async () => {
    expect(await run(['--district', 'nonsense'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--district must be the id') })
    expect((await run(['--help'])).stdout).toContain('npm run audit:verify')
  })
})

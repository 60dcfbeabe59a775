import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as newId } from 'uuid'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { toAuditKeyName } from '../../db/auditHeader.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { sealAudit } from '../../db/sealAudit.ts'
import { verifyAudit } from '../../db/verifyAudit.ts'
import type { AuditAnchor } from '../../db/verifyAudit.ts'
import { createTestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'

/** An audit log in a database of its own, with keys of its own. */
export type AuditLog = Awaited<ReturnType<typeof openAuditLog>>

export const openAuditLog = async () => {
  const test = await createTestDatabase()
  const app = await test.open('app')
  const keyFolder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  const keyService = await openLocalKeyService(keyFolder)

  const record = (districtId: string, count: number): Promise<void> =>
    withDistrict(app, districtId, async (tx) => {
      for (let index = 0; index < count; index += 1) {
        const details = { index, note: 'snowman ☃ and "quotes"', ratio: 0.1, isTrue: true, nothing: null }
        await recordAudit(tx, {
          actor: { kind: 'system', name: 'test' },
          action: 'test.act',
          target: { kind: 'thing', id: newId() },
          details,
        })
      }
    })

  const seal = (districtId: string) => sealAudit({ database: app, keyService }, districtId)

  const verify = (districtId: string, anchor: AuditAnchor | null = null) =>
    verifyAudit({ database: app, readPublicKey: () => keyService.publicKey(toAuditKeyName(districtId)) }, districtId, anchor)

  /** A district with three sealed batches of four entries each. */
  const createSealed = async (): Promise<string> => {
    const { districtId } = await createSampleDistrict(test.superuser)
    for (let batch = 0; batch < 3; batch += 1) {
      await record(districtId, 4)
      await seal(districtId)
    }
    return districtId
  }

  /** What somebody with all rights over the database could do: triggers and foreign keys are off. */
  const tamper = async (districtId: string, statement: string): Promise<void> => {
    await test.superuser.query('begin')
    await test.superuser.query(`set local session_replication_role = replica`)
    const { rowCount } = await test.superuser.query(statement, [districtId])
    await test.superuser.query('commit')
    if (rowCount === 0) throw new Error('nothing was tampered with')
  }

  const close = async (): Promise<void> => {
    await test.close()
    await rm(keyFolder, { recursive: true, force: true })
  }
  return { test, app, keyFolder, keyService, record, seal, verify, createSealed, tamper, close }
}

/** The second entry of a batch, in a statement whose first value is the district. */
export const anEntryOf = (batch: number): string =>
  `id = (select id from audit_entries where district_id = $1 and batch_number = ${batch} order by id offset 1 limit 1)`

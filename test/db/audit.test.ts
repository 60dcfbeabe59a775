import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { listUnsealedDistricts } from '../../db/queries/listUnsealedDistricts.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { sealAudit } from '../../db/sealAudit.ts'
import type { KeyService } from '../../domain/ports.ts'
import { createSampleDistrict } from './roster.ts'
import { openAuditLog, type AuditLog } from './auditLog.ts'

let log: AuditLog
beforeAll(async () => {
  log = await openAuditLog()
})
afterAll(() => log?.close())

describe('sealing', () => {
  it('seals what is recorded, batch after batch, and verifies', async () => {
    const districtId = await log.createSealed()
    await log.record(districtId, 2)
    expect(await log.verify(districtId)).toMatchObject({
      batches: 3,
      sealedEntries: 12,
      unsealedEntries: 2,
      fault: null,
      head: { number: 3 },
    })
  })

  it('has nothing to say of a district without entries', async () => {
    const { districtId } = await createSampleDistrict(log.test.superuser)
    expect(await log.seal(districtId)).toBeNull()
    expect(await log.verify(districtId)).toMatchObject({ batches: 0, head: null, fault: null })
  })

  it('gives each entry to one batch when many sealers run at once', async () => {
    const { districtId } = await createSampleDistrict(log.test.superuser)
    await log.record(districtId, 30)
    const small = { database: log.app, keyService: log.keyService, batchEntriesMax: 7 }
    while ((await Promise.all(Array.from({ length: 8 }, () => sealAudit(small, districtId)))).some((sealing) => sealing !== null));
    expect(await log.verify(districtId)).toMatchObject({ sealedEntries: 30, unsealedEntries: 0, fault: null })
  })

  it('takes an entry whose transaction commits after a later one was sealed', async () => {
    const { districtId } = await createSampleDistrict(log.test.superuser)
    const commit = Promise.withResolvers<void>()
    const insert = Promise.withResolvers<void>()
    const late = withDistrict(log.app, districtId, async (tx) => {
      await recordAudit(tx, { actor: { kind: 'system', name: 'late' }, action: 'test.late', target: { kind: 'thing', id: 'x' } })
      insert.resolve()
      await commit.promise
    })
    await insert.promise
    await log.record(districtId, 1)
    expect(await log.seal(districtId)).toMatchObject({ batchNumber: 1, entryCount: 1 })
    commit.resolve()
    await late
    expect(await log.seal(districtId)).toMatchObject({ batchNumber: 2, entryCount: 1 })
    expect(await log.verify(districtId)).toMatchObject({ sealedEntries: 2, fault: null })
  })

  it('seals nothing when the key service is away, and everything when it is back', async () => {
    const { districtId } = await createSampleDistrict(log.test.superuser)
    await log.record(districtId, 3)
    const away: KeyService = { ...log.keyService, sign: () => Promise.reject(new Error('away')) }
    await expect(sealAudit({ database: log.app, keyService: away }, districtId)).rejects.toThrow('away')
    expect(await log.verify(districtId)).toMatchObject({ batches: 0, unsealedEntries: 3 })
    expect(await log.seal(districtId)).toMatchObject({ entryCount: 3 })
  })

  it('finds the districts that wait, our own operations among them', async () => {
    const { districtId } = await createSampleDistrict(log.test.superuser)
    await log.record(districtId, 1)
    await log.record(operationsDistrictId, 1)
    const sweeper = await log.test.open('sweeper', 1)
    const waiting = await acrossDistricts(sweeper, listUnsealedDistricts)
    expect(waiting).toEqual(expect.arrayContaining([districtId, operationsDistrictId]))
    await log.seal(districtId)
    expect(await acrossDistricts(sweeper, listUnsealedDistricts)).not.toContain(districtId)
  })
})

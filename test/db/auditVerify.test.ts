import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHeaderBytes } from '../../db/auditHeader.ts'
import type { AuditFault } from '../../db/verifyAudit.ts'
import { anEntryOf, openAuditLog, type AuditLog } from './auditLog.ts'

let log: AuditLog
beforeAll(async () => {
  log = await openAuditLog()
})
afterAll(() => log?.close())

describe('verifying names', () => {
  const changes: Array<[string, string, Partial<AuditFault>]> = [
    [
      'a changed action',
      `update audit_entries set action = 'test.other' where district_id = $1 and ${anEntryOf(2)}`,
      { batchNumber: 2, kind: 'entry-changed' },
    ],
    [
      'a changed time',
      `update audit_entries set at = at + interval '1 microsecond' where district_id = $1 and ${anEntryOf(2)}`,
      { batchNumber: 2, kind: 'entry-changed' },
    ],
    [
      'a changed actor',
      `update audit_entries set actor = 'other' where district_id = $1 and ${anEntryOf(1)}`,
      { batchNumber: 1, kind: 'entry-changed' },
    ],
    [
      'an added reason',
      `update audit_entries set reason = 'because' where district_id = $1 and ${anEntryOf(3)}`,
      { batchNumber: 3, kind: 'entry-changed' },
    ],
    [
      'changed details',
      `update audit_entries set details = details || '{"index": 99}' where district_id = $1 and ${anEntryOf(1)}`,
      { batchNumber: 1, kind: 'entry-changed' },
    ],
    ['a deleted entry', `delete from audit_entries where district_id = $1 and ${anEntryOf(2)}`, { batchNumber: 2, kind: 'entry-missing' }],
    [
      'an entry moved to another batch',
      `update audit_entries set batch_number = 3 where district_id = $1 and ${anEntryOf(2)}`,
      { batchNumber: 2, kind: 'entry-missing' },
    ],
    [
      'a sealed entry taken back',
      `update audit_entries set batch_number = null where district_id = $1 and ${anEntryOf(3)}`,
      { batchNumber: 3, kind: 'entry-missing' },
    ],
    [
      'an entry that pretends to be sealed',
      `insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details, batch_number)
       values ($1, '${newId()}', now(), 'system', 'a', 'b', 'c', 'd', '{}', 2)`,
      { batchNumber: 2, kind: 'entry-not-sealed' },
    ],
    [
      'a changed root',
      `update audit_batches set merkle_root = sha256('x') where district_id = $1 and number = 2`,
      { batchNumber: 2, kind: 'batch-changed' },
    ],
    [
      'a changed sealing time',
      `update audit_batches set sealed_at = sealed_at + interval '1 second' where district_id = $1 and number = 1`,
      { batchNumber: 1, kind: 'batch-changed' },
    ],
    [
      'a changed leaf',
      `update audit_batches set leaf_hashes = overlay(leaf_hashes placing '\\x00' from 40 for 1) where district_id = $1 and number = 2`,
      { batchNumber: 2, kind: 'batch-changed' },
    ],
    [
      'a changed hash',
      `update audit_batches set hash = sha256('x') where district_id = $1 and number = 2`,
      { batchNumber: 2, kind: 'batch-changed' },
    ],
    [
      'a changed signature',
      `update audit_batches set signature = overlay(signature placing '\\x00' from 20 for 1) where district_id = $1 and number = 3`,
      { batchNumber: 3, kind: 'signature-invalid' },
    ],
    [
      'a batch deleted in the middle',
      `delete from audit_batches where district_id = $1 and number = 2`,
      { batchNumber: 2, kind: 'batch-missing' },
    ],
    [
      'the first batch deleted',
      `delete from audit_batches where district_id = $1 and number = 1`,
      { batchNumber: 1, kind: 'batch-missing' },
    ],
    [
      'the last batch deleted',
      `delete from audit_batches where district_id = $1 and number = 3`,
      { batchNumber: 3, kind: 'batch-missing' },
    ],
  ]

  it.each(changes)('%s', async (_, statement, fault) => {
    const districtId = await log.createSealed()
    await log.tamper(districtId, statement)
    expect((await log.verify(districtId)).fault).toMatchObject(fault)
  })

  it('the changed entry itself', async () => {
    const districtId = await log.createSealed()
    const { rows } = await log.test.superuser.query<{ id: string }>(
      `select id from audit_entries where district_id = $1 and ${anEntryOf(2)}`,
      [districtId],
    )
    await log.tamper(districtId, `update audit_entries set target = 'other' where district_id = $1 and ${anEntryOf(2)}`)
    expect((await log.verify(districtId)).fault).toEqual({ batchNumber: 2, entryId: rows[0]?.id, kind: 'entry-changed' })
  })

  it('a log that was rewritten and signed with another key', async () => {
    const districtId = await log.createSealed()
    const { rows } = await log.test.superuser.query(
      `select number, previous_hash, merkle_root, entry_count, entry_ids::text[] as entry_ids, sealed_at from audit_batches where district_id = $1 and number = 3`,
      [districtId],
    )
    const [row] = rows
    const headerBytes = toHeaderBytes({
      districtId,
      number: 3,
      previousHash: row.previous_hash.toString('hex'),
      merkleRoot: row.merkle_root.toString('hex'),
      entryCount: row.entry_count,
      entryIds: row.entry_ids,
      sealedAt: row.sealed_at.toISOString(),
    })
    await log.keyService.ensureKey('audit/forger', 'sign')
    const signature = await log.keyService.sign('audit/forger', headerBytes)
    await log.tamper(
      districtId,
      `update audit_batches set signature = '\\x${signature.toString('hex')}' where district_id = $1 and number = 3`,
    )
    expect((await log.verify(districtId)).fault).toMatchObject({ batchNumber: 3, kind: 'signature-invalid' })
  })

  it('an end that was cut off cleanly, when an earlier head is given', async () => {
    const districtId = await log.createSealed()
    const { head } = await log.verify(districtId)
    await log.tamper(districtId, 'delete from audit_entries where district_id = $1 and batch_number = 3')
    await log.tamper(districtId, 'delete from audit_batches where district_id = $1 and number = 3')
    expect((await log.verify(districtId)).fault).toBeNull()
    expect((await log.verify(districtId, head)).fault).toMatchObject({ batchNumber: 3, kind: 'anchor-not-found' })
  })

  it('a batch of another district put in place of one', async () => {
    const [districtId, other] = [await log.createSealed(), await log.createSealed()]
    await log.tamper(districtId, 'delete from audit_batches where district_id = $1 and number = 3')
    await log.tamper(
      districtId,
      `insert into audit_batches select $1, number, previous_hash, merkle_root, entry_count, entry_ids, leaf_hashes, sealed_at,
      hash, signature from audit_batches where district_id = '${other}' and number = 3`,
    )
    expect((await log.verify(districtId)).fault).toMatchObject({ batchNumber: 3 })
  })
})

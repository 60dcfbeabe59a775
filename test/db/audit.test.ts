import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { toAuditKeyName, toHeaderBytes } from '../../db/auditHeader.ts'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { listUnsealedDistricts } from '../../db/queries/listUnsealedDistricts.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { sealAudit } from '../../db/sealAudit.ts'
import { verifyAudit } from '../../db/verifyAudit.ts'
import type { AuditAnchor, AuditFault } from '../../db/verifyAudit.ts'
import type { KeyService } from '../../domain/ports.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database
let keyService: KeyService
let keyFolder: string

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
  keyFolder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  keyService = await openLocalKeyService(keyFolder)
})
afterAll(async () => {
  await test.close()
  await rm(keyFolder, { recursive: true, force: true })
})

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

const anEntryOf = (batch: number): string =>
  `id = (select id from audit_entries where district_id = $1 and batch_number = ${batch} order by id offset 1 limit 1)`

describe('sealing', () => {
  it('seals what is recorded, batch after batch, and verifies', async () => {
    const districtId = await createSealed()
    await record(districtId, 2)
    expect(await verify(districtId)).toMatchObject({ batches: 3, sealedEntries: 12, unsealedEntries: 2, fault: null, head: { number: 3 } })
  })

  it('has nothing to say of a district without entries', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    expect(await seal(districtId)).toBeNull()
    expect(await verify(districtId)).toMatchObject({ batches: 0, head: null, fault: null })
  })

  it('gives each entry to one batch when many sealers run at once', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    await record(districtId, 30)
    const small = { database: app, keyService, batchEntriesMax: 7 }
    while ((await Promise.all(Array.from({ length: 8 }, () => sealAudit(small, districtId)))).some((sealing) => sealing !== null));
    expect(await verify(districtId)).toMatchObject({ sealedEntries: 30, unsealedEntries: 0, fault: null })
  })

  it('takes an entry whose transaction commits after a later one was sealed', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    const commit = Promise.withResolvers<void>()
    const insert = Promise.withResolvers<void>()
    const late = withDistrict(app, districtId, async (tx) => {
      await recordAudit(tx, { actor: { kind: 'system', name: 'late' }, action: 'test.late', target: { kind: 'thing', id: 'x' } })
      insert.resolve()
      await commit.promise
    })
    await insert.promise
    await record(districtId, 1)
    expect(await seal(districtId)).toMatchObject({ batchNumber: 1, entryCount: 1 })
    commit.resolve()
    await late
    expect(await seal(districtId)).toMatchObject({ batchNumber: 2, entryCount: 1 })
    expect(await verify(districtId)).toMatchObject({ sealedEntries: 2, fault: null })
  })

  it('seals nothing when the key service is away, and everything when it is back', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    await record(districtId, 3)
    const away: KeyService = { ...keyService, sign: () => Promise.reject(new Error('away')) }
    await expect(sealAudit({ database: app, keyService: away }, districtId)).rejects.toThrow('away')
    expect(await verify(districtId)).toMatchObject({ batches: 0, unsealedEntries: 3 })
    expect(await seal(districtId)).toMatchObject({ entryCount: 3 })
  })

  it('finds the districts that wait, our own operations among them', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    await record(districtId, 1)
    await record(operationsDistrictId, 1)
    const sweeper = await test.open('sweeper', 1)
    const waiting = await acrossDistricts(sweeper, listUnsealedDistricts)
    expect(waiting).toEqual(expect.arrayContaining([districtId, operationsDistrictId]))
    await seal(districtId)
    expect(await acrossDistricts(sweeper, listUnsealedDistricts)).not.toContain(districtId)
  })
})

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
    const districtId = await createSealed()
    await tamper(districtId, statement)
    expect((await verify(districtId)).fault).toMatchObject(fault)
  })

  it('the changed entry itself', async () => {
    const districtId = await createSealed()
    const { rows } = await test.superuser.query<{ id: string }>(`select id from audit_entries where district_id = $1 and ${anEntryOf(2)}`, [
      districtId,
    ])
    await tamper(districtId, `update audit_entries set target = 'other' where district_id = $1 and ${anEntryOf(2)}`)
    expect((await verify(districtId)).fault).toEqual({ batchNumber: 2, entryId: rows[0]?.id, kind: 'entry-changed' })
  })

  it('a log that was rewritten and signed with another key', async () => {
    const districtId = await createSealed()
    const { rows } = await test.superuser.query(
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
    await keyService.ensureKey('audit/forger', 'sign')
    const signature = await keyService.sign('audit/forger', headerBytes)
    await tamper(districtId, `update audit_batches set signature = '\\x${signature.toString('hex')}' where district_id = $1 and number = 3`)
    expect((await verify(districtId)).fault).toMatchObject({ batchNumber: 3, kind: 'signature-invalid' })
  })

  it('an end that was cut off cleanly, when an earlier head is given', async () => {
    const districtId = await createSealed()
    const { head } = await verify(districtId)
    await tamper(districtId, 'delete from audit_entries where district_id = $1 and batch_number = 3')
    await tamper(districtId, 'delete from audit_batches where district_id = $1 and number = 3')
    expect((await verify(districtId)).fault).toBeNull()
    expect((await verify(districtId, head)).fault).toMatchObject({ batchNumber: 3, kind: 'anchor-not-found' })
  })

  it('a batch of another district put in place of one', async () => {
    const [districtId, other] = [await createSealed(), await createSealed()]
    await tamper(districtId, 'delete from audit_batches where district_id = $1 and number = 3')
    await tamper(
      districtId,
      `insert into audit_batches select $1, number, previous_hash, merkle_root, entry_count, entry_ids, leaf_hashes, sealed_at,
      hash, signature from audit_batches where district_id = '${other}' and number = 3`,
    )
    expect((await verify(districtId)).fault).toMatchObject({ batchNumber: 3 })
  })
})

const run = async (args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
  const env = { ...process.env, DATABASE_URL_APP: test.urls.app, DATABASE_URL_SWEEPER: test.urls.sweeper, KEY_FILE: keyFolder }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['scripts/auditVerifyMain.ts', ...args], { env })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

describe('npm run audit:verify', () => {
  it('exits 0 for a whole log, and with a public key needs no key service', async () => {
    const districtId = await createSealed()
    const file = join(keyFolder, 'public.pem')
    await writeFile(file, await keyService.publicKey(toAuditKeyName(districtId)))
    const { code, stdout } = await run(['--district', districtId, '--public-key', file])
    expect([code, stdout]).toEqual([0, expect.stringContaining(`ok     ${districtId}  3 batches, 12 sealed entries, 0 waiting  head 3:`)])
  })

  it('exits 1 and names batch and entry among all districts', async () => {
    const districtId = await createSealed()
    await tamper(districtId, `delete from audit_entries where district_id = $1 and ${anEntryOf(2)}`)
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

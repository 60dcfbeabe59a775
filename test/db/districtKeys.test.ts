import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import type { LocalKeyService } from '../../clients/localKeyFile.ts'
import { FieldUnreadable, sealedEpoch } from '../../crypto/fieldCipher.ts'
import { toObjectKeyContext } from '../../crypto/objectBinding.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import type { ColumnCipher, DistrictKeys } from '../../db/districtKeys.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { rotateDataKey } from '../../db/rotateDataKey.ts'
import { rewrapKeys } from '../../db/rewrapKeys.ts'
import type { KeyService } from '../../domain/ports.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database
let keyService: LocalKeyService
let folder: string

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
  folder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  keyService = await openLocalKeyService(folder)
})
afterAll(async () => {
  await test.close()
  await rm(folder, { recursive: true, force: true })
})

const open = (service: KeyService = keyService, districtsMax?: number): DistrictKeys =>
  createDistrictKeys({ database: app, keyService: service, ...(districtsMax === undefined ? {} : { districtsMax }) })

const createCipher = async (): Promise<{ districtId: string; cipher: ColumnCipher }> => {
  const { districtId } = await createSampleDistrict(test.superuser)
  return { districtId, cipher: await open().forDistrict(districtId) }
}

const by = { kind: 'system', name: 'test' } as const

describe('a sealed column', () => {
  const cell = { table: 'messages', rowId: newId(), column: 'body' }

  it('opens in another process, for the cell it was sealed for', async () => {
    const { districtId, cipher } = await createCipher()
    const sealed = cipher.sealText(cell, 'Grüße 你好 👋')
    expect(sealed.includes('Gr')).toBe(false)
    expect((await open().forDistrict(districtId)).openText(cell, sealed)).toBe('Grüße 你好 👋')
  })

  it.each([
    ['row', { ...cell, rowId: newId() }],
    ['column', { ...cell, column: 'file_name' }],
    ['table', { ...cell, table: 'attachments' }],
  ])('does not open when it was copied to another %s', async (_, other) => {
    const { cipher } = await createCipher()
    const sealed = cipher.sealText(cell, 'text')
    expect(() => cipher.openText(other, sealed)).toThrow(FieldUnreadable)
  })

  it('does not open when it was copied to another district, whichever keys are there', async () => {
    const [here, there] = [await createCipher(), await createCipher()]
    const sealed = here.cipher.sealText(cell, 'text')
    expect(() => there.cipher.openText(cell, sealed)).toThrow(FieldUnreadable)
    await test.superuser.query(
      'update keys.data_keys t set wrapped = h.wrapped from keys.data_keys h where t.district_id = $1 and h.district_id = $2 and t.purpose = h.purpose and t.epoch = h.epoch',
      [there.districtId, here.districtId],
    )
    await expect(open().forDistrict(there.districtId)).rejects.toThrow()
  })
})

describe('data keys', () => {
  it('are the same for processes that start at once', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    const ciphers = await Promise.all(Array.from({ length: 8 }, () => open().forDistrict(districtId)))
    const cell = { table: 'users', rowId: newId(), column: 'email' }
    const [first] = ciphers
    const sealed = first?.sealText(cell, 'text') ?? Buffer.alloc(0)
    expect(ciphers.map((cipher) => cipher.openText(cell, sealed))).toEqual(ciphers.map(() => 'text'))
    expect(new Set(ciphers.map((cipher) => cipher.hashForLookup('a@example.org').toString('hex'))).size).toBe(1)
  })

  it('are unwrapped once, and forgotten for the longest unused district first', async () => {
    const ids = [(await createCipher()).districtId, (await createCipher()).districtId, (await createCipher()).districtId] as const
    let unwraps = 0
    const counting: KeyService = { ...keyService, unwrapDataKey: (...args) => ((unwraps += 1), keyService.unwrapDataKey(...args)) }
    const keys = open(counting, 2)
    for (const id of [ids[0], ids[1], ids[0], ids[1]]) await keys.forDistrict(id)
    expect(unwraps).toBe(4)
    await keys.forDistrict(ids[0])
    await keys.forDistrict(ids[2])
    await keys.forDistrict(ids[0])
    expect(unwraps).toBe(6)
    await keys.forDistrict(ids[1])
    expect(unwraps).toBe(8)
  })

  it('are asked for again after the key service was away', async () => {
    const { districtId } = await createCipher()
    let isAway = true
    const flaky: KeyService = {
      ...keyService,
      unwrapDataKey: (...args) => (isAway ? Promise.reject(new Error('away')) : keyService.unwrapDataKey(...args)),
    }
    const keys = open(flaky)
    await expect(keys.forDistrict(districtId)).rejects.toThrow('away')
    isAway = false
    await expect(keys.forDistrict(districtId)).resolves.toBeDefined()
  })

  it('rotate without downtime: the old epoch stays readable, the new one seals once it is active', async () => {
    const { districtId, cipher } = await createCipher()
    const cell = { table: 'messages', rowId: newId(), column: 'body' }
    const before = cipher.sealText(cell, 'before')
    expect(await rotateDataKey({ database: app, keyService }, { districtId, by, reason: 'yearly' })).toBe(2)
    const waiting = await open().forDistrict(districtId)
    expect(sealedEpoch(waiting.sealText(cell, 'still'))).toBe(1)
    expect(await rotateDataKey({ database: app, keyService }, { districtId, by, reason: 'yearly', activatesInMs: 0 })).toBe(3)
    const rotated = await open().forDistrict(districtId)
    expect(sealedEpoch(rotated.sealText(cell, 'after'))).toBe(3)
    expect(rotated.openText(cell, before)).toBe('before')
    expect(rotated.hashForLookup('a@example.org')).toEqual(cipher.hashForLookup('a@example.org'))
  })

  it('are wrapped anew, objects’ keys with them, and open all that they sealed', async () => {
    const { districtId, cipher } = await createCipher()
    const cell = { table: 'messages', rowId: newId(), column: 'body' }
    const sealed = cipher.sealText(cell, 'text')
    const objectKey = newId()
    const context = toObjectKeyContext(districtId, objectKey)
    await keyService.ensureKey('safety', 'encrypt')
    const { wrapped, plaintext } = await keyService.generateDataKey('safety', context)
    await withDistrict(app, districtId, (tx) => addObjectKey(tx, { objectKey, keyName: 'safety', wrapped }))
    await keyService.rotateKey('safety')
    expect(await rewrapKeys({ database: app, keyService }, { districtId, by, reason: 'the service rotated its key' })).toEqual({
      dataKeys: 2,
      objectKeys: 1,
    })
    expect((await open().forDistrict(districtId)).openText(cell, sealed)).toBe('text')
    const { rows } = await test.superuser.query('select wrapped from keys.object_keys where district_id = $1', [districtId])
    expect(rows[0].wrapped.equals(wrapped)).toBe(false)
    expect(await keyService.unwrapDataKey('safety', rows[0].wrapped, context)).toEqual(plaintext)
  })

  it('rotate and are wrapped anew by a command, which leaves who and why in the audit log', async () => {
    const { districtId } = await createCipher()
    const env = { ...process.env, DATABASE_URL_APP: test.urls.app, KEY_FILE: folder }
    const run = (...args: string[]) => promisify(execFile)(process.execPath, ['scripts/districtKeysMain.ts', ...args], { env })
    const options = ['--district', districtId, '--reason', 'yearly', '--json']
    expect(JSON.parse((await run('rotate', ...options)).stdout)).toEqual({ action: 'rotate', districtId, epoch: 2 })
    expect(JSON.parse((await run('rewrap', ...options)).stdout)).toEqual({ action: 'rewrap', districtId, dataKeys: 3, objectKeys: 0 })
    const { rows } = await test.superuser.query('select action, actor_kind, reason from audit_entries where district_id = $1 order by id', [
      districtId,
    ])
    expect(rows).toEqual([
      { action: 'key.rotate', actor_kind: 'staff', reason: 'yearly' },
      { action: 'key.rewrap', actor_kind: 'staff', reason: 'yearly' },
    ])
    await expect(run('rotate', '--district', districtId)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--reason is required'),
    })
  })

  it('lie wrapped in a schema of their own, which a backup can leave out', async () => {
    const { districtId } = await createCipher()
    const { rows } = await test.superuser.query('select wrapped from keys.data_keys where district_id = $1', [districtId])
    expect(rows.length).toBe(2)
    expect(rows.every(({ wrapped }) => wrapped.length > 32)).toBe(true)
  })
})

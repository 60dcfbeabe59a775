import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KeyRefused } from '../../clients/keyRefused.ts'
import { openKmsKeyService } from '../../clients/kmsKeyService.ts'
import type { KeyService } from '../../domain/ports.ts'
import { startFakeKms } from '../support/fakeKms.ts'
import type { FakeKms } from '../support/fakeKms.ts'
import { describeKeyService } from './keyServiceContract.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
let kms: FakeKms
const open = (): KeyService => openKmsKeyService({ region: 'us-east-1', endpoint: kms.endpoint, credentials })

beforeAll(async () => {
  kms = await startFakeKms()
})
afterAll(() => kms.stop())

describeKeyService('AWS KMS', async () => open())

describe('a key in AWS KMS', () => {
  test('rotates by itself when it wraps, and the key that lost the race for its name is deleted', async () => {
    await Promise.all(Array.from({ length: 5 }, () => open().ensureKey('district/raced', 'encrypt')))
    const winner = kms.aliases.get('alias/hallpass/district/raced')
    expect(kms.keys.get(winner ?? '')).toMatchObject({ state: 'Enabled', rotates: true })
    const named = new Set(kms.aliases.values())
    const unnamed = [...kms.keys.values()].filter(({ id }) => !named.has(id))
    expect(unnamed.filter(({ state }) => state !== 'PendingDeletion')).toEqual([])
  })

  test('that is to be deleted opens nothing', async () => {
    const keys = open()
    await keys.ensureKey('district/leaving', 'encrypt')
    const { wrapped } = await keys.generateDataKey('district/leaving', {})
    const key = kms.keys.get(kms.aliases.get('alias/hallpass/district/leaving') ?? '')
    if (key) key.state = 'PendingDeletion'
    await expect(keys.unwrapDataKey('district/leaving', wrapped, {})).rejects.toThrow(KeyRefused)
  })
})

describe('an outage of AWS KMS', () => {
  test('is tried again, and when it lasts it is an error but never a refusal', async () => {
    const keys = open()
    await keys.ensureKey('safety', 'encrypt')
    kms.failNext(1, { status: 500, type: 'KMSInternalException' })
    expect((await keys.generateDataKey('safety', {})).plaintext).toHaveLength(32)
    kms.failNext(3, { status: 500, type: 'KMSInternalException' })
    const lasting = await keys.generateDataKey('safety', {}).catch((error: unknown) => error)
    expect(lasting).toBeInstanceOf(Error)
    expect(lasting).not.toBeInstanceOf(KeyRefused)
  })

  test('leaves a caller with an error when nothing listens', async () => {
    const gone = await startFakeKms()
    await gone.stop()
    const keys = openKmsKeyService({ region: 'us-east-1', endpoint: gone.endpoint, credentials })
    const unreachable = await keys.generateDataKey('safety', {}).catch((error: unknown) => error)
    expect(unreachable).toBeInstanceOf(Error)
    expect(unreachable).not.toBeInstanceOf(KeyRefused)
  })
})

test('keys stay in the United States, behind TLS', () => {
  expect(() => openKmsKeyService({ region: 'eu-central-1' })).toThrow('United States')
  for (const endpoint of ['https://kms.eu-west-1.amazonaws.com', 'https://keys.example.org', 'http://kms.us-east-1.amazonaws.com']) {
    expect(() => openKmsKeyService({ region: 'us-east-1', endpoint })).toThrow('United States')
  }
  expect(openKmsKeyService({ region: 'us-east-1', endpoint: 'https://kms.us-east-1.amazonaws.com' })).toBeDefined()
})

import { describe, expect, it } from 'vitest'
import { InvalidConfig } from '../clients/readEnvironment.ts'
import { readWorkerConfig } from './config.ts'

const loopback = {
  HALLPASS_REGION: 'us-east-1',
  DATABASE_URL_APP: 'postgres://a:b@127.0.0.1:5432/h',
  DATABASE_URL_RELAY: 'postgres://a:b@127.0.0.1:5432/h',
  DATABASE_URL_SWEEPER: 'postgres://a:b@127.0.0.1:5432/h',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  S3_ENDPOINT: 'http://127.0.0.1:7070',
  S3_REGION: 'us-east-1',
  S3_SCANNER_ACCESS_KEY: 'scanner',
  S3_SCANNER_SECRET_KEY: 'not-a-secret',
  S3_RESCAN_ACCESS_KEY: 'rescan',
  S3_RESCAN_SECRET_KEY: 'not-a-secret',
  S3_BUCKET_INCOMING: 'incoming',
  S3_BUCKET_CLEAN: 'clean',
  S3_BUCKET_ROSTER: 'roster',
  S3_ROSTER_ACCESS_KEY: 'roster',
  S3_ROSTER_SECRET_KEY: 'not-a-secret',
  S3_BUCKET_QUARANTINE: 'quarantine',
  S3_BUCKET_ARCHIVE: 'archive',
  CLAMD_HOST: '127.0.0.1',
  CLAMD_PORT: '3310',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  PAGER_URL: 'http://127.0.0.1:9999/v2/enqueue',
  PAGER_ROUTING_KEY: 'k',
  API_PUBLIC_URL: 'http://127.0.0.1:8080',
  KEY_FILE: 'keys',
  PAYLOAD_KEY_RING_FILE: 'ring.json',
}

const complaint = (change: Record<string, string>): string => {
  try {
    readWorkerConfig({ ...loopback, ...change })
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message
    throw error
  }
  return ''
}

const readTranslation = (change: Record<string, string>) => readWorkerConfig({ ...loopback, ...change }).translation

describe('readWorkerConfig', () => {
  it('reads a loopback stack', () => {
    expect(readWorkerConfig(loopback)).toMatchObject({ region: 'us-east-1', keys: { kind: 'local' }, codec: null })
  })

  it('translates where a region is named, and says by what when that is not Amazon Translate', () => {
    const region = { TRANSLATE_REGION: 'us-east-1' }
    const fips = 'https://translate-fips.us-east-1.amazonaws.com'
    const local = { ...region, TRANSLATE_ENDPOINT: 'http://127.0.0.1:9000' }
    expect(readTranslation({})).toBeNull()
    expect(readTranslation(region)).toEqual({ region: 'us-east-1', provider: 'Amazon Translate' })
    expect(readTranslation({ ...region, TRANSLATE_ENDPOINT: fips })).toEqual({
      region: 'us-east-1',
      endpoint: fips,
      provider: 'Amazon Translate',
    })
    expect(readTranslation({ ...local, TRANSLATE_PROVIDER: 'Apertium' })).toMatchObject({ provider: 'Apertium' })
    expect(complaint(local)).toContain('TRANSLATE_ENDPOINT: expected TRANSLATE_PROVIDER')
    expect(complaint({ TRANSLATE_ENDPOINT: fips })).toContain('TRANSLATE_ENDPOINT: expected TRANSLATE_REGION')
  })

  it('lets rosters be fetched from this machine in a stack only', () => {
    const origins = 'https://127.0.0.1:9443,https://localhost:1'
    expect(readWorkerConfig({ ...loopback, PULL_LOOPBACK_ORIGINS: origins }).pull.loopbackOrigins).toEqual(origins.split(','))
    for (const other of ['https://sis.example.org', 'http://127.0.0.1:9443', 'https://10.0.0.1'])
      expect(complaint({ PULL_LOOPBACK_ORIGINS: other })).toContain('PULL_LOOPBACK_ORIGINS')
    const outside = { KEY_FILE: '', S3_ENDPOINT: 'https://s3.us-east-1.amazonaws.com' }
    expect(complaint(outside)).toBe('')
    expect(complaint({ ...outside, PULL_LOOPBACK_ORIGINS: origins })).toContain('PULL_LOOPBACK_ORIGINS: expected none, since S3_ENDPOINT')
  })

  it.each([
    ['HALLPASS_REGION', 'eu-west-1'],
    ['S3_REGION', 'ca-central-1'],
    ['S3_ENDPOINT', 'https://s3.eu-central-1.amazonaws.com'],
    ['S3_ENDPOINT', 'https://objects.example.com'],
    ['DATABASE_URL_APP', 'postgres://a:b@db.example.com/h'],
    ['DATABASE_URL_APP', 'postgres://a:b@127.0.0.1/h?host=db.example.com'],
    ['SMTP_URL', 'smtp://mail.example.com'],
    ['SMS_ENDPOINT', 'https://sms-voice.eu-west-1.amazonaws.com'],
    ['TRANSLATE_REGION', 'ca-central-1'],
    ['TRANSLATE_ENDPOINT', 'https://translate.eu-west-1.amazonaws.com'],
    ['CLAMD_HOST', 'clamd.example.com'],
    ['TEMPORAL_ADDRESS', 'temporal.example.com:7233'],
  ])('refuses to start when %s would send student data out of reach: %s', (name, value) => {
    expect(complaint({ [name]: value })).toContain(name)
  })

  it.each([
    ['S3_ENDPOINT', 'http://s3.us-east-1.amazonaws.com'],
    ['DATABASE_URL_SWEEPER', 'postgres://a:b@db.abc.us-east-1.rds.amazonaws.com/h'],
    ['PAGER_URL', 'http://events.example.com/v2/enqueue'],
  ])('refuses %s without TLS outside this machine', (name, value) => {
    expect(complaint({ [name]: value })).toContain(name)
  })

  it.each([
    ['RUNBOOKS_URL', 'https://reader:hunter2@docs.example.com/runbooks'],
    ['TEMPORAL_UI_URL', 'https://reader@temporal.example.com'],
    ['PAGER_URL', 'https://:hunter2@events.example.com/v2/enqueue'],
    ['S3_ENDPOINT', 'https://reader:hunter2@s3.us-east-1.amazonaws.com'],
  ])('refuses a user or a password in %s, which is shown in links, alerts and logs, and does not repeat it', (name, value) => {
    const message = complaint({ [name]: value, KEY_FILE: '' })
    expect(message).toContain(`${name}: expected an address without a user or a password`)
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['DATABASE_URL_APP', 'postgres://a:b@db.abc.us-east-1.rds.amazonaws.com/h?sslmode=verify-full'],
    ['DATABASE_URL_RELAY', 'postgres://a:b@db.abc.us-east-1.rds.amazonaws.com/h?sslmode=verify-full'],
    ['DATABASE_URL_SWEEPER', 'postgres://a:b@db.abc.us-east-1.rds.amazonaws.com/h?sslmode=verify-full'],
    ['S3_ENDPOINT', 'https://s3.us-east-1.amazonaws.com'],
    ['TEMPORAL_ADDRESS', 'temporal.us-east-1.amazonaws.com:7233'],
  ])('refuses keys on a local disk when %s leads out of this machine', (name, value) => {
    expect(complaint({ [name]: value })).toContain(`KEY_FILE: expected none, since ${name}`)
    expect(complaint({ [name]: value, KEY_FILE: '' })).toBe('')
  })

  it('knows each engineer by a name and a token of their own', () => {
    const [one, other] = ['0'.repeat(64), '1'.repeat(64)]
    expect(readWorkerConfig({ ...loopback, CODEC_TOKENS: `ada:${one},ben:${other}` }).codec?.engineers).toEqual([
      { name: 'ada', tokenSha256: one },
      { name: 'ben', tokenSha256: other },
    ])
    for (const wrong of [one, `ada:${one},`, `ada:${one},ada:${other}`, `ada:${one},ben:${one}`, `a b:${one}`, 'ada:'])
      expect(complaint({ CODEC_TOKENS: wrong })).toContain('CODEC_TOKENS: expected')
  })

  it('refuses to keep malware for less than a day', () => {
    expect(complaint({ QUARANTINE_DAYS: '0' })).toContain('QUARANTINE_DAYS')
  })

  it('names every variable at fault and repeats no value', () => {
    const message = complaint({ S3_SCANNER_SECRET_KEY: '', CODEC_TOKENS: 'hunter2' })
    expect(message).toContain('S3_SCANNER_SECRET_KEY: is missing')
    expect(message).toContain('CODEC_TOKENS')
    expect(message).not.toContain('hunter2')
  })
})

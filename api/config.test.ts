import { expect, test } from 'vitest'
import { InvalidConfig } from '../clients/readEnvironment.ts'
import { readApiConfig } from './config.ts'

const sound = {
  HALLPASS_REGION: 'us-east-1',
  DATABASE_URL_APP: 'postgresql://app:secret-word@127.0.0.1:5432/hallpass',
  DATABASE_URL_AUTH: 'postgresql://auth:secret-word@127.0.0.1:5432/hallpass',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  S3_ENDPOINT: 'http://127.0.0.1:7070',
  S3_REGION: 'us-east-1',
  S3_API_ACCESS_KEY: 'api',
  S3_API_SECRET_KEY: 'secret-word',
  S3_BUCKET_INCOMING: 'incoming',
  S3_BUCKET_CLEAN: 'clean',
  S3_BUCKET_ROSTER: 'roster',
  KEY_FILE: 'keys.json',
  PAYLOAD_KEY_RING_FILE: 'ring.json',
  API_PUBLIC_URL: 'http://127.0.0.1:8080/',
}

const explain = (changes: Record<string, string | undefined>): string => {
  try {
    readApiConfig({ ...sound, ...changes })
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message
    throw error
  }
  return 'accepted'
}

test('a sound environment becomes a typed configuration with defaults', () => {
  expect(readApiConfig({ ...sound, WEB_ORIGINS: 'https://app.example.org, http://localhost:5173' })).toMatchObject({
    http: {
      host: '127.0.0.1',
      port: 8080,
      publicUrl: 'http://127.0.0.1:8080',
      webOrigins: ['https://app.example.org', 'http://localhost:5173'],
    },
    keys: { kind: 'local' },
    objectStore: { publicEndpoint: 'http://127.0.0.1:7070' },
    uploadTicketSeconds: 600,
  })
})

test('production reaches everything over verified TLS in the United States', () => {
  const production = {
    DATABASE_URL_APP: 'postgresql://app:x@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=verify-full',
    DATABASE_URL_AUTH: 'postgresql://auth:x@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=verify-full',
    S3_ENDPOINT: 'https://s3.us-east-1.amazonaws.com',
    API_PUBLIC_URL: 'https://api.hallpass.example',
    KEY_FILE: '',
  }
  expect(readApiConfig({ ...sound, ...production }).keys).toEqual({ kind: 'kms' })
})

test.each([
  ['HALLPASS_REGION', 'eu-west-1'],
  ['S3_REGION', 'ca-central-1'],
  ['DATABASE_URL_APP', 'postgresql://app:x@db.example.org/hallpass?sslmode=verify-full'],
  ['DATABASE_URL_APP', 'postgresql://app:x@db.abc.eu-west-1.rds.amazonaws.com/hallpass?sslmode=verify-full'],
  ['DATABASE_URL_APP', 'postgresql://app:x@db.abc.us-east-1.rds.amazonaws.com/hallpass'],
  ['DATABASE_URL_APP', 'postgresql://app:x@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=require'],
  ['DATABASE_URL_AUTH', 'postgresql://app:x@127.0.0.1/hallpass?host=db.example.org'],
  ['DATABASE_URL_AUTH', 'mysql://app:x@127.0.0.1/hallpass'],
  ['S3_ENDPOINT', 'http://s3.us-east-1.amazonaws.com'],
  ['S3_ENDPOINT', 'https://s3.eu-central-1.amazonaws.com'],
  ['S3_PUBLIC_ENDPOINT', 'https://storage.example.org'],
  ['TEMPORAL_ADDRESS', 'temporal.example.org:7233'],
  ['TEMPORAL_ADDRESS', 'temporal'],
  ['TEMPORAL_ADDRESS', '127.0.0.1#.example.org:7233'],
  ['TEMPORAL_ADDRESS', '127.0.0.1?.example.org:7233'],
  ['TEMPORAL_ADDRESS', String.raw`127.0.0.1\.example.org:7233`],
  ['TEMPORAL_ADDRESS', 'user:x@127.0.0.1:7233'],
  ['API_PUBLIC_URL', 'http://api.hallpass.example'],
  ['API_PORT', '65536'],
  ['WEB_ORIGINS', 'http://app.example.org'],
  ['LOG_LEVEL', 'everything'],
])('%s=%s is refused before any connection is opened', (name, value) => {
  const message = explain({ [name]: value })
  expect(message).toContain(name)
  expect(message).toContain('expected')
})

test.each([
  ['DATABASE_URL_APP', 'postgresql://app:x@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=verify-full'],
  ['DATABASE_URL_AUTH', 'postgresql://app:x@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=verify-full'],
  ['S3_ENDPOINT', 'https://s3.us-east-1.amazonaws.com'],
  ['S3_PUBLIC_ENDPOINT', 'https://s3.us-east-1.amazonaws.com'],
  ['TEMPORAL_ADDRESS', 'temporal.us-east-1.amazonaws.com:7233'],
])('keys on a local disk are refused when %s leads out of this machine', (name, value) => {
  expect(explain({ [name]: value })).toMatch(new RegExp(`KEY_FILE: expected none, since ${name}`))
  expect(explain({ [name]: value, KEY_FILE: '' })).toBe('accepted')
})

test.each(Object.keys(sound).filter((name) => !['KEY_FILE'].includes(name)))('a missing %s is named', (name) => {
  expect(explain({ [name]: undefined })).toContain(`${name}: is missing`)
})

test('a refusal repeats no value, so that no password reaches a log', () => {
  expect(explain({ DATABASE_URL_APP: 'postgresql://app:secret-word@db.example.org/x', API_PORT: 'secret-word' })).not.toContain(
    'secret-word',
  )
})

import { expect, test } from 'vitest'
import { isInternalEndpoint, isResidentEndpoint, isUsRegion } from './residency.ts'

test.each([
  'https://s3.us-east-1.amazonaws.com',
  'https://bucket.s3.us-west-2.amazonaws.com',
  'https://s3.dualstack.us-east-2.amazonaws.com',
  'https://kms.us-gov-west-1.amazonaws.com',
  'https://translate-fips.us-east-1.amazonaws.com',
  'https://translate-fips.us-gov-west-1.amazonaws.com',
  'https://vpce-0a1b-2c3d.kms.us-east-1.vpce.amazonaws.com',
  'postgresql://db.abc.us-east-1.rds.amazonaws.com:5432/hallpass',
  'smtps://email-smtp.us-west-1.amazonaws.com',
  'http://127.0.0.1:7070',
  'http://localhost:7070',
  'http://object-store:7070',
])('%s may be given student data', (endpoint) => {
  expect(isResidentEndpoint(endpoint)).toBe(true)
})

test.each([
  ['another region', 'https://s3.eu-west-1.amazonaws.com'],
  ['a bucket named like a region of ours, elsewhere', 'https://us-east-1.s3.eu-west-1.amazonaws.com'],
  ['a bucket with such a name in it, elsewhere', 'https://foo.us-east-1.s3.ap-southeast-2.amazonaws.com'],
  ['a database named like a region of ours, elsewhere', 'postgresql://app@us-east-1.abc.eu-west-1.rds.amazonaws.com/hallpass'],
  ['a region that names no known place', 'https://s3.us-east-1.mars-north-1.amazonaws.com'],
  ['the global endpoint, which may keep a bucket anywhere', 'https://us-east-1.s3.amazonaws.com'],
  ['the global endpoint by itself', 'https://s3.amazonaws.com'],
  ['the old form of another region', 'https://s3-eu-west-1.amazonaws.com'],
  ['China', 'https://s3.us-east-1.amazonaws.com.cn'],
  ['a host that only ends alike', 'https://s3.us-east-1.notamazonaws.com'],
  ['a host that goes on', 'https://s3.us-east-1.amazonaws.com.example.org'],
  ['a user name that looks like a host', 'https://s3.us-east-1.amazonaws.com@example.org'],
  ['anybody else', 'https://objects.example.org'],
  ['no address', 'nowhere at all'],
])('%s may not', (_, endpoint) => {
  expect(isResidentEndpoint(endpoint)).toBe(false)
})

test('the regions of the United States are named one by one', () => {
  expect(isUsRegion('us-west-2')).toBe(true)
  for (const region of ['ca-central-1', 'us-east-9', 'us-east-1.', 'US-EAST-1', '']) expect(isUsRegion(region)).toBe(false)
})

test('only this machine and the compose network are internal', () => {
  for (const endpoint of ['http://127.0.0.1', 'http://[::1]:1', 'http://postgres:5432']) expect(isInternalEndpoint(endpoint)).toBe(true)
  for (const endpoint of ['http://10.0.0.1', 'http://postgres.internal', 'https://s3.us-east-1.amazonaws.com'])
    expect(isInternalEndpoint(endpoint)).toBe(false)
})

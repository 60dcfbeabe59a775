import { describe, expect, it } from 'vitest'
import { toConnection } from './toConnection.ts'

const sslOf = (url: string): unknown => toConnection(url).driverOptions['ssl']

describe('toConnection', () => {
  it.each([
    'postgresql://app:secret@127.0.0.1:5432/hallpass',
    'postgresql://app@localhost/hallpass',
    'postgresql://app@postgres:5432/hallpass',
  ])('speaks plainly only on this machine and the compose network: %s', (url) => expect(sslOf(url)).toBe(false))

  it.each([
    'postgresql://app@db.abc.us-east-1.rds.amazonaws.com/hallpass',
    'postgresql://app@db.abc.us-east-1.rds.amazonaws.com/hallpass?sslmode=verify-full',
    'postgresql://app@postgres/hallpass?sslmode=verify-full',
  ])('verifies the certificate everywhere else, and wherever it is told to: %s', (url) => {
    expect(sslOf(url)).toEqual({ rejectUnauthorized: true })
  })

  it.each(['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca'])('refuses sslmode=%s far away', (mode) => {
    expect(() => toConnection(`postgresql://app@db.example.org/hallpass?sslmode=${mode}`)).toThrow('verify-full')
  })

  it.each(['allow', 'prefer', 'require', 'no-verify', 'verify-ca', ''])(
    'refuses sslmode=%s nearby too, since it would not be honoured',
    (mode) => {
      expect(() => toConnection(`postgresql://app@127.0.0.1/hallpass?sslmode=${mode}`)).toThrow('sslmode=disable or sslmode=verify-full')
    },
  )

  it('hands no parameter of the address to the driver, which would let it override what was checked', () => {
    expect(toConnection('postgresql://app@127.0.0.1/hallpass?host=elsewhere.example.org').clientUrl).toBe(
      'postgresql://app@127.0.0.1/hallpass',
    )
  })

  it('fails when the named CA file is not there', () => {
    expect(() => toConnection('postgresql://app@db.example.org/hallpass?sslrootcert=/nowhere/ca.pem')).toThrow('ENOENT')
  })
})

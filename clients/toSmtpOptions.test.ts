import { describe, expect, test } from 'vitest'
import { toSmtpOptions } from './toSmtpOptions.ts'

describe('mail leaves this machine over TLS only', () => {
  test('plain SMTP to another host needs STARTTLS', () => {
    expect(toSmtpOptions('smtp://email-smtp.us-east-1.amazonaws.com')).toMatchObject({ port: 587, secure: false, requireTLS: true })
  })
  test('smtps is TLS from the start', () => {
    expect(toSmtpOptions('smtps://email-smtp.us-east-1.amazonaws.com')).toMatchObject({ port: 465, secure: true })
  })
  test('this machine and the compose network may be reached without', () => {
    for (const host of ['127.0.0.1', 'localhost', 'mail'])
      expect(toSmtpOptions(`smtp://${host}:1025`)).toMatchObject({ port: 1025, requireTLS: false })
  })
  test('certificates are always verified', () => {
    for (const url of ['smtp://mail.example.org', 'smtps://mail.example.org', 'smtp://127.0.0.1']) {
      expect(toSmtpOptions(url).tls).toMatchObject({ rejectUnauthorized: true })
    }
  })
  test('credentials are unescaped', () => {
    expect(toSmtpOptions('smtps://us%40er:p%2Fw@mail.example.org').auth).toEqual({ user: 'us@er', pass: 'p/w' })
  })
  test('nothing but SMTP is taken', () => {
    expect(() => toSmtpOptions('http://mail.example.org')).toThrow('smtp')
  })
})

import { expect, test } from 'vitest'
import { parseClientCredentials } from './parseClientCredentials.ts'

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test.each([
  ['by HTTP Basic', basic('id:s%3Ae+c'), {}, { clientId: 'id', secret: 's:e c' }],
  ['by Basic, with its id in the form too', basic('id:s'), { client_id: 'id' }, { clientId: 'id', secret: 's' }],
  ['in the form', undefined, { client_id: 'id', client_secret: 's' }, { clientId: 'id', secret: 's' }],
  ['not at all', undefined, { client_id: 'id' }, null],
  ['in both ways', basic('id:s'), { client_id: 'id', client_secret: 's' }, 'malformed'],
  ['without a colon', basic('id'), {}, 'malformed'],
  ['with a broken escape', basic('id:%zz'), {}, 'malformed'],
  ['by a token', 'Bearer x', {}, 'malformed'],
  ['by something that is no base64', 'Basic ***', {}, 'malformed'],
])('a machine that names itself %s is understood so', (_, authorization, form, expected) => {
  expect(parseClientCredentials(authorization, form)).toEqual(expected)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFeedback } from './readFeedback.ts'

const [districtId, userId] = ['01981d0c-0000-7000-8000-000000000001', '01981d0c-0000-7000-8000-000000000002']
const tags = { 'ses:source-ip': ['192.0.2.1'], district: [districtId], person: [userId] }
const bounced = (change: object = {}, bounce: object = {}) => ({
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [{ emailAddress: 'Ida@Example.org', status: '5.1.1' }],
    ...bounce,
  },
  mail: { messageId: '0100', destination: ['ida@example.org'], tags },
  ...change,
})
const complained = { eventType: 'Complaint', complaint: { complainedRecipients: [{ emailAddress: 'ida@example.org' }] }, mail: { tags } }
const bounce = { kind: 'bounce', districtId, userId, addresses: ['ida@example.org'] }
const read = (value: unknown) => readFeedback(JSON.stringify(value))

describe('what a provider says of a mail', () => {
  test('that it bounced for good, or that its reader complained, is known with whose it was', () => {
    expect(read(bounced())).toEqual(bounce)
    expect(read(complained)).toEqual({ ...bounce, kind: 'complaint' })
  })

  test('is the same bare, as SNS wraps it and as EventBridge does', () => {
    expect(read({ Type: 'Notification', TopicArn: 'arn', Message: JSON.stringify(bounced()) })).toEqual(bounce)
    expect(read({ source: 'aws.ses', detail: bounced() })).toEqual(bounce)
  })

  test('with a name before the address, is of the address', () => {
    expect(read(bounced({}, { bouncedRecipients: [{ emailAddress: '"Ida, I." <Ida@Example.org>' }] }))).toEqual(bounce)
  })

  test.each([
    ['a delivery', { eventType: 'Delivery', mail: { tags } }],
    ['a bounce that may pass', bounced({}, { bounceType: 'Transient' })],
    ['a bounce of unknown kind', bounced({}, { bounceType: 'Undetermined' })],
    ['a mail without our tags', bounced({ mail: {} })],
    ['a tag that is no id', bounced({ mail: { tags: { ...tags, person: ["' or true --"] } } })],
    ['two people at once', bounced({ mail: { tags: { ...tags, person: [userId, districtId] } } })],
    ['tags that are no lists', bounced({ mail: { tags: { district: districtId, person: userId } } })],
    ['nobody', bounced({}, { bouncedRecipients: [] })],
    ['recipients that are none', bounced({}, { bouncedRecipients: [null, 7, { emailAddress: { toString: 'x' } }] })],
    ['a kind that every object has', { eventType: 'constructor', mail: { tags } }],
    ['a test of a topic', { Type: 'Notification', Message: '{"notificationType":"AmazonSnsSubscriptionSucceeded"}' }],
  ])('has nothing follow from %s', (_, value) => expect(read(value)).toBe('no-act'))

  test.each([['', 'null', '[]', '7', '"Bounce"', '{', '{"Message":"{"}', '{"Message":"[]"}']].flat())('cannot be read from %j', (body) =>
    expect(readFeedback(body)).toBeNull(),
  )

  test('never breaks the reader, whatever it is, and names nobody who is not tagged', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(bounced({ mail: { tags: value } }))),
        ),
        (body) => {
          const found = readFeedback(body)
          expect(found === null || found === 'no-act').toBe(true)
        },
      ),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const found = read(bounced({}, { bouncedRecipients: value }))
        expect(found === 'no-act' || (found !== null && found.userId === userId)).toBe(true)
      }),
    )
  })
})

import type { TableGrant } from './tableGrant.ts'

/** What `app` may do with notices, and with how people are told of them. */
export const noticeGrants: Readonly<Record<string, TableGrant>> = {
  notices: { select: 'all', insert: 'all', update: ['told_in', 'seen_at'], delete: true },
  notice_batches: {
    select: 'all',
    insert: 'all',
    update: ['batch', 'is_open', 'noticed', 'opened_at', 'told', 'told_at', 'attempt', 'due_at'],
  },
  notice_settings: {
    select: 'all',
    insert: 'all',
    update: ['quiet_from', 'quiet_until', 'mail_off_at', 'refused_email_hash', 'sms_off_at', 'refused_phone_hash', 'refused_at'],
  },
}

import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** Minutes of the day in the district's time zone; null: the district's. */
  quietFrom: p.integer().nullable(),
  quietUntil: p.integer().nullable(),
  /** Since when they want no mail. */
  mailOffAt: p.datetime().nullable(),
  /** The keyed hash of an address that its server refused for good: it is not tried again until the roster has another. */
  refusedEmailHash: p.blob().nullable(),
  /** Since when they want no text messages. */
  smsOffAt: p.datetime().nullable(),
  /** The same of a number: its owner said STOP, or it is none that can be written to. */
  refusedPhoneHash: p.blob().nullable(),
  /** When the last of them was. */
  refusedAt: p.datetime().nullable(),
}

export const noticeSettingClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  quietFrom: 'internal',
  quietUntil: 'internal',
  mailOffAt: 'internal',
  refusedEmailHash: 'secret',
  smsOffAt: 'internal',
  refusedPhoneHash: 'secret',
  refusedAt: 'internal',
}

/** How one person is to be notified, as far as they have said, and as far as it turned out to work. */
export const NoticeSettingSchema = defineEntity({
  name: 'NoticeSetting',
  tableName: 'notice_settings',
  ...districtWall,
  properties,
  indexes: [
    {
      name: 'notice_settings_refused',
      properties: ['districtId', 'userId'],
      where: '(refused_email_hash is not null) or (refused_phone_hash is not null)',
    },
  ],
  checks: [
    {
      name: 'notice_settings_quiet_hours',
      expression:
        '(quiet_from is null) = (quiet_until is null) and quiet_from >= 0 and quiet_from < 1440 and quiet_until >= 0 and quiet_until < 1440',
    },
  ],
})
export class NoticeSetting extends NoticeSettingSchema.class {}
NoticeSettingSchema.setClass(NoticeSetting)

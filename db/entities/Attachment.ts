import { defineEntity, p } from '@mikro-orm/core'
import { attachmentStates, refusalReasons, rescanOutcomes, verdicts } from '../../domain/attachment.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { barOncall, districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** Where it was sent to: a channel or a section, one of the two. */
  channelId: p.uuid().nullable(),
  sectionId: p.uuid().nullable(),
  uploaderId: p.uuid(),
  /** Null until posted; then the attachment is visible exactly as its message, or its announcement, is. */
  messageId: p.uuid().nullable(),
  announcementId: p.uuid().nullable(),
  position: p.integer().nullable(),
  state: p.enum(() => attachmentStates),
  /** Which run works on it: part of the workflow id, so a write of an earlier attempt finds nothing (law 5). */
  attempt: p.integer().default(1),
  /** Sealed (`sealField`). */
  fileName: p.blob(),
  /** As declared, one of `domain/fileTypes`. */
  contentType: p.text(),
  /** As declared; the store enforces it as the most that may be uploaded. */
  bytes: p.integer(),
  incomingKey: p.text(),
  /** The one version that is inspected and released; later uploads to the key change nothing. */
  incomingVersionId: p.text().nullable(),
  sha256: p.blob().nullable(),
  sniffedType: p.text().nullable(),
  verdict: p.enum(() => verdicts).nullable(),
  refusalReason: p.enum(() => refusalReasons).nullable(),
  signature: p.text().nullable(),
  engine: p.text().nullable(),
  /** The database that last looked at the whole of it: of the scan, or of the last re-scan that it passed. */
  databaseVersion: p.text().nullable(),
  cleanKey: p.text().nullable(),
  /** Bytes a download gives: plaintext, after re-encoding. */
  cleanBytes: p.integer().nullable(),
  cleanContentType: p.text().nullable(),
  quarantineKey: p.text().nullable(),
  purgeAfter: p.datetime().nullable(),
  createdAt: p.datetime().defaultRaw('now()'),
  ticketExpiresAt: p.datetime(),
  uploadCompletedAt: p.datetime().nullable(),
  scannedAt: p.datetime().nullable(),
  endedAt: p.datetime().nullable(),
  /** When a clean file was last looked at again, by which database, and what came of it. */
  rescannedAt: p.datetime().nullable(),
  rescanVersion: p.text().nullable(),
  rescanOutcome: p.enum(() => rescanOutcomes).nullable(),
  /** The run that took a file back which had been clean, by its workflow id. While `cleanKey` stands beside it, the run is not through. */
  withdrawnBy: p.text().nullable(),
}

export const attachmentClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  channelId: 'internal',
  sectionId: 'internal',
  uploaderId: 'internal',
  messageId: 'internal',
  announcementId: 'internal',
  position: 'internal',
  state: 'internal',
  attempt: 'internal',
  fileName: 'ugc',
  contentType: 'internal',
  bytes: 'internal',
  incomingKey: 'internal',
  incomingVersionId: 'internal',
  sha256: 'internal',
  sniffedType: 'internal',
  verdict: 'internal',
  refusalReason: 'internal',
  signature: 'internal',
  engine: 'internal',
  databaseVersion: 'internal',
  cleanKey: 'internal',
  cleanBytes: 'internal',
  cleanContentType: 'internal',
  quarantineKey: 'internal',
  purgeAfter: 'internal',
  createdAt: 'internal',
  ticketExpiresAt: 'internal',
  uploadCompletedAt: 'internal',
  scannedAt: 'internal',
  endedAt: 'internal',
  rescannedAt: 'internal',
  rescanVersion: 'internal',
  rescanOutcome: 'internal',
  withdrawnBy: 'internal',
}

/** The row; the bytes are objects. Its life cycle is `domain/attachment.ts`. */
export const AttachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  ...districtWall,
  policies: [
    ...districtWall.policies,
    windowFor('hallpass_sweeper', 'select'),
    windowFor('hallpass_auth', 'select'),
    windowFor('hallpass_oncall', 'select'),
    barOncall('oncall_replays', 'update', { using: `state in ('failed', 'scanning')`, check: `state = 'scanning'` }),
  ],
  properties,
  checks: [
    // Whatever a caller believes: nothing is clean without a clean verdict and a clean object (law 4).
    { name: 'attachments_clean_is_proven', expression: `state <> 'clean' or (verdict = 'clean' and clean_key is not null) is true` },
    { name: 'attachments_quarantined_is_infected', expression: `state <> 'quarantined' or (verdict = 'infected') is true` },
    {
      name: 'attachments_refused_has_reason',
      expression: `state <> 'refused' or (verdict = 'unscannable' and refusal_reason is not null) is true`,
    },
    {
      name: 'attachments_of_one_place',
      expression:
        '(channel_id is null) <> (section_id is null) and (message_id is null or channel_id is not null) and (announcement_id is null or section_id is not null)',
    },
    { name: 'attachments_withdrawn_is_closed', expression: `withdrawn_by is null or state <> 'clean'` },
  ],
  uniques: [{ name: 'attachments_incoming_key_unique', properties: ['incomingKey'] }],
  indexes: [
    { name: 'attachments_of_channel', properties: ['districtId', 'channelId', 'id'] },
    { name: 'attachments_of_message', properties: ['districtId', 'messageId', 'position'], where: 'message_id is not null' },
    { name: 'attachments_of_announcement', properties: ['districtId', 'announcementId', 'position'], where: 'announcement_id is not null' },
    { name: 'attachments_clean_key', properties: ['cleanKey'], where: 'clean_key is not null' },
    { name: 'attachments_quarantine_key', properties: ['quarantineKey'], where: 'quarantine_key is not null' },
    { name: 'attachments_awaiting_upload', properties: ['ticketExpiresAt'], where: `state = 'awaiting-upload'` },
    { name: 'attachments_scanning', properties: ['uploadCompletedAt'], where: `state = 'scanning'` },
    { name: 'attachments_by_id', properties: ['id'] },
    { name: 'attachments_failed', properties: ['endedAt'], where: `state = 'failed'` },
    { name: 'attachments_quarantined', properties: ['endedAt'], where: `state = 'quarantined'` },
    { name: 'attachments_refused', properties: ['endedAt'], where: `state = 'refused'` },
    { name: 'attachments_in_flight', properties: ['districtId', 'uploaderId'], where: `state in ('awaiting-upload', 'scanning')` },
    { name: 'attachments_scanned', properties: ['scannedAt'], where: 'scanned_at is not null' },
    { name: 'attachments_to_purge', properties: ['purgeAfter'], where: 'quarantine_key is not null' },
    { name: 'attachments_clean_by_age', properties: ['createdAt', 'id'], where: `state = 'clean'` },
    { name: 'attachments_clean_by_hash', properties: ['sha256', 'id'], where: `state = 'clean'` },
    { name: 'attachments_withdrawing', properties: ['id'], where: 'withdrawn_by is not null and clean_key is not null' },
  ],
})
export class Attachment extends AttachmentSchema.class {}
AttachmentSchema.setClass(Attachment)

import { defineEntity, p } from '@mikro-orm/core'
import { recipientKinds } from '../../domain/announcement.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sectionId: p.uuid(),
  /** 1, 2, 3 … in a section. */
  seq: p.integer(),
  authorId: p.uuid(),
  recipients: p.enum(() => recipientKinds),
  /** Sealed (`sealField`, row = `id`). */
  body: p.blob(),
  /** The roster and the day, in the district's time zone, by which it was let be written: what its scope receipt is of. */
  rosterVersion: p.bigint('number'),
  day: p.date(),
  /** Whether the section’s school had guardians switched on then. */
  hasGuardians: p.boolean(),
  createdAt: p.datetime(),
  /** By a teacher of the section, who may show it again. */
  hiddenAt: p.datetime().nullable(),
  hiddenBy: p.uuid().nullable(),
  /** By its author, for good. */
  withdrawnAt: p.datetime().nullable(),
  /** How many others had read it when it was withdrawn. */
  withdrawnAfterReaders: p.integer().nullable(),
  /** The scope receipt: how many recipients it had when it was written, and the Merkle root over their ids. Written once. */
  scopeCount: p.integer().nullable(),
  scopeRoot: p.blob().nullable(),
  scopeComputedAt: p.datetime().nullable(),
  /** Which run writes it (law 5). */
  scopeAttempt: p.integer().default(1),
  /** Whether its author was asked about its words, and posted it all the same. */
  wasNudged: p.boolean().default(false),
  /** As it was found, or taken to be, when it was posted; as the translator names them (`domain/translation/languages.ts`). */
  language: p.text().default('en'),
}

export const announcementClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sectionId: 'internal',
  seq: 'internal',
  authorId: 'internal',
  recipients: 'internal',
  body: 'ugc',
  rosterVersion: 'internal',
  day: 'internal',
  hasGuardians: 'internal',
  createdAt: 'internal',
  hiddenAt: 'internal',
  hiddenBy: 'internal',
  withdrawnAt: 'internal',
  withdrawnAfterReaders: 'internal',
  scopeCount: 'internal',
  scopeRoot: 'internal',
  scopeComputedAt: 'internal',
  scopeAttempt: 'internal',
  wasNudged: 'internal',
  language: 'internal',
}

/** What a teacher said to a section. No row names a recipient: the live roster does, at every read. */
export const AnnouncementSchema = defineEntity({
  name: 'Announcement',
  tableName: 'announcements',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
  checks: [
    { name: 'announcements_hidden_by_somebody', expression: '(hidden_at is null) = (hidden_by is null)' },
    { name: 'announcements_withdrawn_is_counted', expression: '(withdrawn_at is null) = (withdrawn_after_readers is null)' },
    {
      name: 'announcements_receipt_is_whole',
      expression: '(scope_computed_at is null) = (scope_count is null) and (scope_computed_at is null) = (scope_root is null)',
    },
  ],
  uniques: [{ name: 'announcements_of_board', properties: ['districtId', 'sectionId', 'seq'] }],
  indexes: [
    { name: 'announcements_of_section', properties: ['districtId', 'sectionId', 'createdAt', 'id'] },
    { name: 'announcements_by_time', properties: ['districtId', 'createdAt', 'id'] },
    { name: 'announcements_nudged', properties: ['districtId', 'createdAt', 'id'], where: 'was_nudged' },
    { name: 'announcements_without_receipt', properties: ['districtId', 'id'], where: 'scope_computed_at is null' },
    { name: 'announcements_of_author', properties: ['districtId', 'authorId', 'id'] },
  ],
})
export class Announcement extends AnnouncementSchema.class {}
AnnouncementSchema.setClass(Announcement)

import { defineEntity, p } from '@mikro-orm/core'
import { postingStates } from '../../domain/posting.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  teacherId: p.uuid(),
  /** The student, or a guardian of the student. */
  participantId: p.uuid(),
  /** Whom the conversation is about; the participant itself when a teacher writes with a student. */
  studentId: p.uuid(),
  schoolYear: p.integer(),
  /** Sequence of the newest message: counted under this row's lock, so it has no gaps. */
  lastSeq: p.integer().default(0),
  lastMessageAt: p.datetime().nullable(),
  /** May shrink a list; never grants anything (law 1). */
  closedAt: p.datetime().nullable(),
  /** What the teacher lets happen here; reading never depends on it. */
  posting: p.enum(() => postingStates).default('open'),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const channelClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  teacherId: 'internal',
  participantId: 'internal',
  studentId: 'internal',
  schoolYear: 'internal',
  lastSeq: 'internal',
  lastMessageAt: 'internal',
  closedAt: 'internal',
  posting: 'internal',
  createdAt: 'internal',
}

/** The conversation of one teacher with one student, or with a guardian about a student, in one school year. */
export const ChannelSchema = defineEntity({
  name: 'Channel',
  tableName: 'channels',
  ...districtWall,
  properties,
  uniques: [{ name: 'channels_of_teacher', properties: ['districtId', 'teacherId', 'participantId', 'studentId', 'schoolYear'] }],
  indexes: [
    { name: 'channels_of_participant', properties: ['districtId', 'participantId', 'studentId', 'teacherId'] },
    { name: 'channels_of_student', properties: ['districtId', 'studentId', 'id'] },
    { name: 'channels_open_of_year', properties: ['districtId', 'schoolYear', 'id'], where: 'closed_at is null' },
    { name: 'channels_closed_of_year', properties: ['districtId', 'schoolYear', 'id'], where: 'closed_at is not null' },
  ],
})
export class Channel extends ChannelSchema.class {}
ChannelSchema.setClass(Channel)

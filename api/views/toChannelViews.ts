import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findPeople, getPerson, type Person } from '../../db/queries/findPeople.ts'
import { findQuietHours, type PlacedQuietHours } from '../../db/queries/findQuietHours.ts'
import type { Inbox, LastMessage } from '../../db/queries/inboxColumns.ts'
import { toTimeOfDay } from '../../domain/notices/quietHours.ts'
import { messageLimits } from '../../domain/uploadLimits.ts'
import type { ChannelView } from '../schemas/channelSchema.ts'
import { toTimeText } from './toTimeText.ts'

/** Who looks, and what opens what they may read. */
export type Viewer = { cipher: ColumnCipher; userId: string }

/** A channel that was decided for its viewer, and what it is to them. */
export type SeenChannel = { channel: ChannelRecord; inbox: Inbox }

const toPreview = ({ cipher }: Viewer, { id, body }: LastMessage): string =>
  Array.from(cipher.openText({ table: 'messages', rowId: id, column: 'body' }, body))
    .slice(0, messageLimits.previewCharactersMax)
    .join('')

const toLastMessageView = (viewer: Viewer, message: LastMessage): ChannelView['lastMessage'] => ({
  id: message.id,
  seq: message.seq,
  authorId: message.authorId,
  preview: toPreview(viewer, message),
  attachmentCount: message.attachmentCount,
  createdAt: message.createdAt.toISOString(),
})

/** Of somebody who may read the channel. */
const toStanding = ({ teacherId, participantId }: ChannelRecord, userId: string): ChannelView['standing'] => {
  if (userId === teacherId) return 'teacher'
  return userId === participantId ? 'participant' : 'reader'
}

type Shown = { people: ReadonlyMap<string, Person>; quietHours: ReadonlyMap<string, PlacedQuietHours> }

const toHoursView = (hours: PlacedQuietHours | undefined): ChannelView['teacherQuietHours'] =>
  hours === undefined ? null : { from: toTimeOfDay(hours.from), until: toTimeOfDay(hours.until), timeZone: hours.timeZone }

const toChannelView = (viewer: Viewer, { channel, inbox }: SeenChannel, { people, quietHours }: Shown): ChannelView => {
  const personOf = (id: string) => getPerson(people, id)
  return {
    id: channel.id,
    teacher: personOf(channel.teacherId),
    participant: personOf(channel.participantId),
    student: personOf(channel.studentId),
    schoolYear: channel.schoolYear,
    lastSeq: channel.lastSeq,
    lastMessageAt: toTimeText(channel.lastMessageAt),
    posting: channel.posting,
    standing: toStanding(channel, viewer.userId),
    unreadCount: inbox.unreadCount,
    readSeq: inbox.readSeq,
    participantReadSeq: viewer.userId === channel.teacherId ? inbox.othersReadSeq : null,
    teacherQuietHours: toHoursView(quietHours.get(channel.teacherId)),
    lastMessage: inbox.lastMessage && toLastMessageView(viewer, inbox.lastMessage),
  }
}

/** Shows channels that were decided for the viewer in the same transaction, with the names of their people. */
export const toChannelViews = async (tx: DistrictTransaction, viewer: Viewer, channels: readonly SeenChannel[]): Promise<ChannelView[]> => {
  const people = await findPeople(
    tx,
    channels.flatMap(({ channel }) => [channel.teacherId, channel.participantId, channel.studentId]),
  )
  // Those of others only: who has them knows them.
  const teacherIds = channels.flatMap(({ channel: { teacherId } }) => (teacherId === viewer.userId ? [] : [teacherId]))
  const shown = { people, quietHours: await findQuietHours(tx, teacherIds) }
  return channels.map((channel) => toChannelView(viewer, channel, shown))
}

import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findPeople, type Person } from '../../db/queries/findPeople.ts'
import type { ChannelView } from '../schemas/channelSchema.ts'
import { toTimeText } from './toTimeText.ts'

const toChannelView = (channel: ChannelRecord, people: ReadonlyMap<string, Person>): ChannelView => {
  const personOf = (id: string): Person => {
    const person = people.get(id)
    // Foreign keys promise it.
    if (person === undefined) throw new Error('a channel names a person who is not there')
    return person
  }
  return {
    id: channel.id,
    teacher: personOf(channel.teacherId),
    participant: personOf(channel.participantId),
    student: personOf(channel.studentId),
    schoolYear: channel.schoolYear,
    lastSeq: channel.lastSeq,
    lastMessageAt: toTimeText(channel.lastMessageAt),
  }
}

/** Shows channels that were decided in the same transaction, with the names of their people. */
export const toChannelViews = async (tx: DistrictTransaction, channels: readonly ChannelRecord[]): Promise<ChannelView[]> => {
  const people = await findPeople(
    tx,
    channels.flatMap(({ teacherId, participantId, studentId }) => [teacherId, participantId, studentId]),
  )
  return channels.map((channel) => toChannelView(channel, people))
}

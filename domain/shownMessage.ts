import type { ChannelStanding } from './channelStanding.ts'

/**
 * What became of a message that was posted. `hidden`: by the teacher, until they show it again. `withdrawn`: by its author, for good.
 * Both keep it for the district's audit and neither changes its number.
 */
export const messageStates = ['shown', 'hidden', 'withdrawn'] as const
export type MessageState = (typeof messageStates)[number]

export const toMessageState = ({ hiddenAt, withdrawnAt }: { hiddenAt: Date | null; withdrawnAt: Date | null }): MessageState => {
  if (withdrawnAt !== null) return 'withdrawn'
  return hiddenAt === null ? 'shown' : 'hidden'
}

/** Who of the channel still reads a message, and opens its files, in each state. `db/queries/isShown.ts` says the same in SQL. */
export const messageReaders = {
  shown: ['teacher', 'participant', 'reader'],
  hidden: ['teacher'],
  withdrawn: [],
} as const satisfies Record<MessageState, readonly ChannelStanding[]>

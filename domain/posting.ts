import type { ChannelStanding } from './channelStanding.ts'

/** What a teacher lets happen in a channel that the roster connects. Reading never depends on it; only the roster ends that. */
export const postingStates = ['open', 'paused', 'closed'] as const
export type PostingState = (typeof postingStates)[number]

/** Who may post, or send a file, in each state. A teacher who paused a channel can still say why. */
export const posters = {
  open: ['teacher', 'participant'],
  paused: ['teacher'],
  closed: [],
} as const satisfies Record<PostingState, readonly ChannelStanding[]>

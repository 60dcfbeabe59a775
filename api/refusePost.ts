import type { PostingState } from '../domain/posting.ts'
import { Refusal } from '../domain/refusal.ts'

/** What a party is told whom the teacher does not let post now. */
export const refusePost = (posting: Exclude<PostingState, 'open'>): Refusal =>
  posting === 'paused'
    ? new Refusal('posting-paused', 'The teacher paused this channel. You can read it, and write when it is open again.')
    : new Refusal('posting-closed', 'The teacher closed this channel. It can be read, and the teacher can open it again.')

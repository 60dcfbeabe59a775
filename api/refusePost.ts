import type { PostingState } from '../domain/posting.ts'
import { Refusal } from '../domain/refusal.ts'

/** What somebody is told who has not accepted the newest terms of use. */
export const refuseUntilAccepted = (): Refusal =>
  new Refusal(
    'terms-not-accepted',
    'Your district asks you to accept its terms of use before you write: read GET /v1/terms-of-use, accept with PUT /v1/me/terms-of-use, and send this again.',
  )

/** What a party is told whom the teacher does not let post now. */
export const refusePost = (posting: Exclude<PostingState, 'open'>): Refusal =>
  posting === 'paused'
    ? new Refusal('posting-paused', 'The teacher paused this channel. You can read it, and write when it is open again.')
    : new Refusal('posting-closed', 'The teacher closed this channel. It can be read, and the teacher can open it again.')

import { setTimeout as wait } from 'node:timers/promises'
import type { ApiClient } from '../../api/client.ts'
import { attachmentEnds, type AttachmentState, type RefusalReason, type Verdict } from '../../domain/attachment.ts'

export type Seen = { state: AttachmentState; verdict: Verdict | null; reason: RefusalReason | null }

const ends: readonly AttachmentState[] = attachmentEnds

/** What the uploader is told now. @throws when the API does not answer 200 with the uploader's view. */
export const lookAtOwn = async (client: ApiClient, attachmentId: string): Promise<Seen> => {
  const answer = await client.v1.attachments[':id'].$get({ param: { id: attachmentId } })
  if (answer.status !== 200) throw new Error(`the API answered the uploader's look with HTTP ${answer.status}`)
  const attachment = await answer.json()
  if (attachment.viewer !== 'uploader') throw new Error('the API took the uploader for somebody else')
  return { state: attachment.state, verdict: attachment.verdict, reason: attachment.refusalReason }
}

/** Looks again and again until the attachment has ended or `patienceMs` is over; answers what was seen last. */
export const followAttachment = async (
  client: ApiClient,
  attachmentId: string,
  options: { patienceMs: number; signal: AbortSignal; changed: (state: AttachmentState) => void },
): Promise<Seen> => {
  const until = performance.now() + options.patienceMs
  let last: AttachmentState | null = null
  for (let pauseMs = 100; ; pauseMs = Math.min(1_000, pauseMs * 1.3)) {
    const seen = await lookAtOwn(client, attachmentId)
    if (seen.state !== last) options.changed(seen.state)
    last = seen.state
    if (ends.includes(seen.state) || performance.now() > until) return seen
    await wait(pauseMs, undefined, { signal: options.signal })
  }
}

import type { ColumnCipher } from '../db/districtKeys.ts'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import { countNudge } from '../db/queries/countNudge.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import { MessageIdTaken } from '../db/queries/postMessage.ts'
import type { Finding } from '../domain/language/checkLanguage.ts'
import type { NudgeOutcome } from '../domain/nudge.ts'
import type { ApiDeps } from './apiDeps.ts'
import { readNudge, signNudge, type NudgeSubject } from './nudgeToken.ts'

/** `outcome`: what is to be counted. `start`: the run that follows it. `made`: what the database decided of it, null when it was posted before. */
export type Posted<Made = null> =
  | { kind: 'posted'; outcome: NudgeOutcome | null; start: OutboxStart | null; made: Made | null }
  | { kind: 'nudged'; outcome: 'nudged'; token: string; expiresAt: Date; findings: readonly Finding[] }

/** It was posted before: sending it again counts nothing and starts nothing. */
export const postedBefore = { kind: 'posted', outcome: null, start: null, made: null } as const

/** What somebody wants to post, which token came with it, and what its words say. */
export type Said = { subject: NudgeSubject; nudgeToken: string | undefined; findings: readonly Finding[] }

/**
 * How it is posted. `settleRefusal` answers null when nothing stands in the way, and throws what does. `post` answers what was posted before, or the run that
 * follows what is posted now.
 */
export type PostActs<Made> = {
  settleRefusal(): Promise<Posted<Made> | null>
  post(wasNudged: boolean): Promise<Posted<Made> | { start: OutboxStart | null; made?: Made }>
}

/**
 * Posts it, or asks its author once more: then nothing is kept but a count. Who may not post is refused either way, so that no question says anything of a
 * place that they do not see.
 * @throws {Refusal} when it is not posted, now or before.
 */
export const postUnlessNudged = async <Made = null>(
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  { subject, nudgeToken, findings }: Said,
  acts: PostActs<Made>,
): Promise<Posted<Made>> => {
  const nowMs = Date.now()
  const answer = readNudge(cipher, nudgeToken, subject, nowMs)
  const wasNudged = findings.length > 0
  if (wasNudged && answer !== 'same') {
    const settled = await acts.settleRefusal()
    if (settled !== null) return settled
    await countNudge(tx, 'nudged')
    return { kind: 'nudged', outcome: 'nudged', ...signNudge(cipher, subject, nowMs), findings }
  }
  const posted = await acts.post(wasNudged)
  if ('kind' in posted) return posted
  const outcome = wasNudged ? 'posted-anyway' : answer === 'other' ? 'revised' : null
  if (outcome !== null) await countNudge(tx, outcome)
  return { kind: 'posted', outcome, start: posted.start, made: posted.made ?? null }
}

/** Runs `post` in a transaction, again when another request posted the same id meanwhile, and counts what became of a nudge. */
export const countPosted = async <Made>(
  { metrics }: Pick<ApiDeps, 'metrics'>,
  post: () => Promise<Posted<Made>>,
): Promise<Posted<Made>> => {
  const posted = await post().catch((error: unknown) => {
    if (error instanceof MessageIdTaken) return post()
    throw error
  })
  if (posted.outcome !== null) metrics.nudges.inc({ outcome: posted.outcome })
  return posted
}

/** A nudge as its author sees it. */
export const toNudgeView = ({ token, expiresAt, findings }: Extract<Posted<unknown>, { kind: 'nudged' }>) => ({
  nudge: { token, expiresAt: expiresAt.toISOString(), findings: [...findings] },
})

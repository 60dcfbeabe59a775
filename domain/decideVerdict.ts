/**
 * What an inspection means. Pure: the engine's answer and the look of the content go in, the verdict comes out.
 */
import type { RefusalReason, Verdict } from './attachment.ts'
import type { ScanAnswer } from './ports.ts'

/** What the content itself shows: an allowed type that is what it claims to be, or a reason to refuse it. */
export type ContentFinding = { contentType: string } | { refused: RefusalReason }

export type VerdictDecision = { verdict: Verdict; signature: string | null; refusalReason: RefusalReason | null }

/**
 * Infected goes before every refusal, so that malware in a disguise is quarantined and not just turned away. What the engine
 * did not inspect in full has not passed (law 4), whatever the content looks like. Clean needs both to agree.
 */
export const decideVerdict = (answer: ScanAnswer, content: ContentFinding): VerdictDecision => {
  if (answer.result === 'found') return { verdict: 'infected', signature: answer.signature, refusalReason: null }
  if ('refused' in content) {
    const signature = answer.result === 'not-inspected' ? answer.signature : null
    return { verdict: 'unscannable', signature, refusalReason: content.refused }
  }
  if (answer.result === 'not-inspected') {
    return { verdict: 'unscannable', signature: answer.signature, refusalReason: toEngineReason(answer.signature) }
  }
  return { verdict: 'clean', signature: null, refusalReason: null }
}

/** clamd names what it skipped `Heuristics.Encrypted.*` or `Heuristics.Limits.*`. */
const toEngineReason = (signature: string): RefusalReason => (signature.startsWith('Heuristics.Encrypted') ? 'encrypted' : 'engine-limits')

import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { ReceivedAlert } from '../../stack/servers/alertSink.ts'
import type { Outcome } from '../corpus/corpusFile.ts'
import { isCheckMet, type Check, type Scene } from '../scenes/scene.ts'
import { isAsExpected, type FileResult } from './fileResult.ts'

/** What `npm run demo -- --once --json` prints: one document, for programs. */
export type DemoReport = {
  attachments: {
    name: string
    sha256: string
    expected: Outcome
    state: AttachmentState
    verdict: Verdict | null
    reason: RefusalReason | null
    ms: number
  }[]
  alerts: {
    receivedAt: string
    action: string
    severity: string | null
    summary: string | null
    dedupKey: string
    details: Record<string, unknown>
  }[]
  /** A morning at school, an announcement in several languages, and what happens when the roster changes. `notes`: whom it concerned, and what this machine could not show. */
  scenes: { title: string; checks: Check[]; notes: string[] }[]
  summary: {
    /** Files. */
    total: number
    asExpected: number
    clean: number
    quarantined: number
    refused: number
    expired: number
    failed: number
    /** All that the scenes looked at. */
    checks: { total: number; asExpected: number }
  }
}

const toAlert = ({ receivedAt, event }: ReceivedAlert): DemoReport['alerts'][number] => ({
  receivedAt,
  action: event.event_action,
  severity: event.payload?.severity ?? null,
  summary: event.payload?.summary ?? null,
  dedupKey: event.dedup_key,
  details: event.payload?.custom_details ?? {},
})

/** `failed` counts what did not reach one of the other four ends: our own faults, and files that were still on their way. */
export const toReport = (results: readonly FileResult[], scenes: readonly Scene[], alerts: readonly ReceivedAlert[]): DemoReport => {
  const count = (state: AttachmentState): number => results.filter((result) => result.state === state).length
  const counts = { clean: count('clean'), quarantined: count('quarantined'), refused: count('refused'), expired: count('expired') }
  const failed = results.length - counts.clean - counts.quarantined - counts.refused - counts.expired
  const checks = scenes.flatMap((scene) => scene.checks)
  return {
    attachments: results.map(({ file, state, verdict, reason, ms }) => ({
      name: file.name,
      sha256: file.sha256,
      expected: file.expected,
      state,
      verdict,
      reason,
      ms: Math.round(ms),
    })),
    alerts: alerts.map(toAlert),
    scenes: scenes.map(({ title, checks, notes }) => ({
      title,
      checks: checks.map((check) => ({ ...check, ms: Math.round(check.ms) })),
      notes,
    })),
    summary: {
      total: results.length,
      asExpected: results.filter(isAsExpected).length,
      ...counts,
      failed,
      checks: { total: checks.length, asExpected: checks.filter(isCheckMet).length },
    },
  }
}

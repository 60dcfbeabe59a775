import { toTextTable } from '../toTextTable.ts'
import type { SentSync } from './syncShapes.ts'

const words: Record<string, string> = {
  applied: 'The feed is applied.',
  unchanged: 'The roster is as the feed says already. Nothing was changed.',
  'partly-applied': 'The feed is applied, but for removals that the brake holds: their access has ended, and your administrators decide.',
  previewed: 'A dry run: nothing was changed. This is what the feed would do.',
  stale: 'Newer sources had spoken for all of it. Nothing was changed.',
  unreadable: 'The feed cannot be read, so nothing of it was applied.',
  expired: 'The feed did not come in time, so nothing was applied.',
  failed: 'The sync failed, and nothing was applied.',
}

const columns = ['lines', 'taken', 'rejected', 'leftOut', 'added', 'changed', 'removed', 'suspended', 'restored', 'active'] as const
const heads = ['of', 'lines', 'taken', 'rejected', 'left out', 'added', 'changed', 'removed', 'held', 'restored', 'before']

/** The end of a sync for a person: what became of the feed, row by row kind, and who does what next. */
export const toSyncText = (sync: SentSync): string => {
  const { fault, counts, rejectCount, endingCount, isDryRun } = sync
  const at = fault && [fault.file, fault.line && `line ${fault.line}`, fault.column && `column ${fault.column}`].filter(Boolean).join(', ')
  const lines = [
    words[sync.state] ?? `The sync ended: ${sync.state}.`,
    ...(fault === null ? [] : [`  ${fault.code}${at ? ` (${at})` : ''}`, `  mend: ${fault.mend}`]),
    ...(counts.length === 0 ? [] : ['', toTextTable([heads, ...counts.map((of) => [of.subject, ...columns.map((name) => of[name])])])]),
    '',
    ...(endingCount === 0 ? [] : [`${endingCount} pairs of people ${isDryRun ? 'would lose' : 'lost'} each other.`]),
    ...(rejectCount === 0
      ? []
      : [`${rejectCount} rejects: lines, or single references and languages on them. --rejects writes each to a file.`]),
    ...(sync.removals?.state === 'waiting'
      ? ['Held removals wait for a decision: docs/roster-feeds.md says how they are seen and decided.']
      : []),
    `sync ${sync.id}`,
  ]
  return `${lines.join('\n')}\n`
}

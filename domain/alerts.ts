import type { Alert } from './ports.ts'

/** One kind of alert: what on-call is told, and how it begins and ends. */
export type AlertKind = {
  severity: Alert['severity']
  component: 'attachments' | 'scanner' | 'roster' | 'translation' | 'operations'
  /** What is the matter, and what it does and does not mean for people. No content, nobody's name. */
  summary: string
  /**
   * `hand`: it tells of something that happened, and a person closes it. `itself`: it tells of a state that lasts, and is resolved when the
   * state has ended. `afterSeconds`: how long the state must last before anybody is paged; `quietSeconds`: how long nobody may have seen it
   * any more before it counts as ended, so that what comes and goes is one page.
   */
  ends: { by: 'hand' } | { by: 'itself'; afterSeconds: number; quietSeconds: number }
}

const byHand = { by: 'hand' } as const
const byItself = (afterSeconds: number, quietSeconds: number) => ({ by: 'itself', afterSeconds, quietSeconds }) as const

/**
 * Every alert that the product raises. The name is the beginning of its dedup key and the name of its page in `docs/runbooks/`; a test
 * holds the two lists together.
 */
export const alerts = {
  'attachment-infected': {
    severity: 'warning',
    component: 'attachments',
    summary: 'Malware in an attachment',
    ends: byHand,
  },
  'malware-burst': {
    severity: 'critical',
    component: 'attachments',
    summary: 'Malware in many attachments within an hour: an attack, or accounts that were taken over. Nobody could open any of it',
    ends: byItself(0, 3_600),
  },
  'attachment-withdrawn': {
    severity: 'critical',
    component: 'attachments',
    summary: 'An attachment that people may have downloaded was found infected by newer signatures, and withdrawn',
    ends: byHand,
  },
  'rescan-not-inspected': {
    severity: 'warning',
    component: 'scanner',
    summary:
      'Newer signatures or limits keep the scanner from looking at everything in files that had passed: they stay, on their earlier verdict',
    ends: byHand,
  },
  'unscannable-burst': {
    severity: 'warning',
    component: 'attachments',
    summary: 'Many attachments cannot be inspected and are refused: the engine or its limits may be at fault, or somebody probes them',
    ends: byItself(0, 1_800),
  },
  'scan-failed': {
    severity: 'error',
    component: 'attachments',
    summary: 'Scans failed by a fault of ours: nobody can open these attachments until they are replayed',
    ends: byItself(0, 120),
  },
  'attachments-delayed': {
    severity: 'error',
    component: 'attachments',
    summary: 'Attachments wait for their scan: none passes unchecked, and nobody can open them',
    ends: byItself(0, 0),
  },
  'scanner-down': {
    severity: 'critical',
    component: 'scanner',
    summary: 'The virus scanner gives no answers: attachments wait, none passes unchecked',
    ends: byItself(300, 90),
  },
  'scanner-misconfigured': {
    severity: 'critical',
    component: 'scanner',
    summary: 'The virus scanner answers its probe wrongly: no attachment is scanned until its settings are mended',
    ends: byItself(0, 60),
  },
  'signatures-old': {
    severity: 'error',
    component: 'scanner',
    summary: 'The signatures of the virus scanner are old: what is new passes for clean',
    ends: byItself(0, 60),
  },
  'synthetic-eicar-overdue': {
    severity: 'critical',
    component: 'attachments',
    summary: 'A test virus sent through the front door was not quarantined in time: do not trust a clean verdict until it is',
    ends: byItself(0, 0),
  },
  'roster-sync-failed': {
    severity: 'error',
    component: 'roster',
    summary: 'A roster sync failed by a fault of ours: nothing of its feed was applied, and the roster is as old as the one before',
    ends: byHand,
  },
  'removal-undecided': {
    severity: 'warning',
    component: 'roster',
    summary:
      'Removals that the brake holds wait for a decision of their district for more than a day: access has ended, and stays ended meanwhile',
    ends: byItself(0, 0),
  },
  'district-without-administrator': {
    severity: 'error',
    component: 'roster',
    summary: 'Nobody can administer a district any more: what the brake holds there stays ended, and nobody there can decide',
    ends: byItself(0, 0),
  },
  'roster-sync-late': {
    severity: 'error',
    component: 'roster',
    summary: 'Syncs of rosters have waited or run for hours: access that a roster would end or give is as it was before',
    ends: byItself(0, 60),
  },
  'translator-down': {
    severity: 'error',
    component: 'translation',
    summary: 'The translator gives no answers, or too few: messages are read in their own language, and nothing is hidden or lost',
    ends: byItself(300, 180),
  },
  'translator-misconfigured': {
    severity: 'error',
    component: 'translation',
    summary: 'The translator answers, but not to us: nothing is translated until our credentials or settings are mended',
    ends: byItself(0, 900),
  },
  'outbox-old': {
    severity: 'error',
    component: 'operations',
    summary: 'Workflows that were asked for are not started: uploads wait unscanned, deletions are not carried out',
    ends: byItself(0, 60),
  },
  'archive-old': {
    severity: 'error',
    component: 'operations',
    summary: 'Closed histories are not archived: evidence is lost when the retention of Temporal ends',
    ends: byItself(0, 60),
  },
} as const satisfies Record<string, AlertKind>

export type AlertName = keyof typeof alerts

/** An alert that tells of a state, and is resolved when the state has ended. */
export type LastingAlertName = { [Name in AlertName]: (typeof alerts)[Name]['ends']['by'] extends 'itself' ? Name : never }[AlertName]

/** Of a name's occasion: what it is about, beside what the table says. */
export type AlertOccasion = Pick<Alert, 'action' | 'details' | 'links'> & {
  /** Tells two alerts of one name apart: an id. Without one there is at most one open alert of the name. */
  subject?: string
  /** Added to the summary: a signature, a count. */
  note?: string
}

/** What the pager knows an alert by: the same key twice is one page. */
export const toDedupKey = (name: AlertName, subject?: string): string => (subject === undefined ? name : `${name}:${subject}`)

/** The alert of this name on this occasion, with the name of its page in `docs/runbooks/`. */
export const toAlert = (name: AlertName, { action, subject, note, details, links }: AlertOccasion): Alert => {
  const { severity, component, summary } = alerts[name]
  return {
    action,
    dedupKey: toDedupKey(name, subject),
    severity,
    summary: note === undefined ? summary : `${summary}: ${note}`,
    source: 'hallpass-worker',
    component,
    runbook: name,
    details,
    ...(links === undefined ? {} : { links }),
  }
}

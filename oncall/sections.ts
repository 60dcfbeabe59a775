import type { ActOn } from '../db/queries/listActsOn.ts'
import type { OutboxEntry } from '../db/queries/outboxRow.ts'
import type { KnownRun } from './describeRun.ts'
import { toDistance } from './toSpan.ts'
import { toTable } from './toTable.ts'

/** So many entries of the audit log are shown, the newest. */
export const actsMax = 50

/** A table under its title. `undefined` rows: what should have given them did not answer. */
export const toSection = (title: string, titles: string[], rows: (string | number | null)[][] | undefined): string =>
  `\n${title}${rows === undefined ? ': does not answer\n' : rows.length === 0 ? ': none\n' : `\n${toTable(titles, rows)}`}`

/** What is known of a row, a line each; a time with how long ago it was. */
export const toFactsTable = (titles: [string, string], row: object): string =>
  toTable(
    titles,
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, value instanceof Date ? `${value.toISOString()}  (${toDistance(value)})` : String(value)]),
  )

export const toRunsSection = (runs: readonly KnownRun[] | undefined): string =>
  toSection(
    'Runs in Temporal',
    ['WORKFLOW', 'RUN', 'STATUS', 'STAGE', 'STARTED', 'LASTED', 'WAITS FOR', 'LAST FAILURE', 'IN THE UI'],
    runs?.map((run) => [
      run.workflowId,
      run.runId,
      run.status.toLowerCase(),
      run.stage,
      run.startedAt.toISOString(),
      run.closedAt === null ? 'open' : `${((run.closedAt.getTime() - run.startedAt.getTime()) / 1_000).toFixed(1)} s`,
      run.pending.map(({ activity, tries }) => `${activity} (try ${tries})`).join(', '),
      run.pending
        .map(({ lastFailure }) => lastFailure)
        .filter(Boolean)
        .join(', '),
      run.link,
    ]),
  )

export const toOutboxSection = (starts: readonly OutboxEntry[]): string =>
  toSection(
    'Outbox',
    ['ENTRY', 'WORKFLOW', 'ASKED FOR', 'STARTED', 'CLAIMS', 'LAST ERROR'],
    starts.map((one) => [
      one.outboxId,
      one.workflowId,
      one.createdAt.toISOString(),
      one.startedAt?.toISOString() ?? 'waits',
      one.attempts,
      one.lastErrorCode,
    ]),
  )

export const toAuditSection = (acts: readonly ActOn[]): string =>
  toSection(
    `Audit log, the last ${actsMax}`,
    ['AT', 'WHO', 'ACT', 'DETAILS'],
    acts.map((act) => [
      act.at.toISOString(),
      act.actor === null ? act.actorKind : `${act.actorKind} ${act.actor}`,
      act.action,
      JSON.stringify(act.details),
    ]),
  )

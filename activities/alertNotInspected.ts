import { toAlert } from '../domain/alerts.ts'
import { raiseAlert } from './raiseAlert.ts'
import type { SweepDeps } from './sweepDeps.ts'

/** Tells the engineers, once a database, how many clean files it did not look at in full. They stay (docs/decisions/re-scan.md). */
export const createAlertNotInspected =
  ({ pager }: Pick<SweepDeps, 'pager'>) =>
  (databaseVersion: string, counts: { notInspected: number; passed: number }): Promise<void> =>
    raiseAlert(
      pager,
      toAlert('rescan-not-inspected', {
        action: 'trigger',
        subject: databaseVersion,
        note: `${counts.notInspected} files`,
        details: { databaseVersion, ...counts },
      }),
    )

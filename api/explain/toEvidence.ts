import type { ReachRows } from '../../db/queries/findReachRows.ts'
import type { ChangeRecord, VersionRecord } from '../../db/queries/listRosterHistory.ts'
import type { RosterRef } from '../../domain/roster/findFaults.ts'
import type { EvidenceView, OriginView } from '../schemas/explanationSchema.ts'
import type { Chronicle } from './toRowTimes.ts'

/** Where a version comes from; with the change of a row, from which line of which file. */
export const toOrigin = (version: VersionRecord, change: ChangeRecord | undefined): OriginView => ({
  version: version.version,
  at: version.at.toISOString(),
  cause: version.cause,
  causeId: version.causeId,
  reason: change?.reason ?? null,
  file: change?.file ?? null,
  line: change?.line ?? null,
})

/** A row of the roster, with what brought it and what ended it. Null for a row that is not among them. */
export const toEvidence = (rows: ReachRows, chronicle: Chronicle, version: number, ref: RosterRef): EvidenceView | null => {
  const { versions, historyOf } = chronicle
  const history = historyOf(ref.id)
  const interval = [...rows.enrollments, ...rows.guardianships, ...rows.connections].find(({ id }) => id === ref.id)
  if (interval !== undefined) {
    const originOf = (number: number | null): OriginView | null => {
      const record = number === null ? undefined : versions.get(number)
      return record === undefined
        ? null
        : toOrigin(
            record,
            history.find((change) => change.version === number),
          )
    }
    const { begins, ends, sinceVersion, untilVersion } = interval
    const sourcedId = 'sourcedId' in interval ? interval.sourcedId : null
    return { ...ref, sourcedId, begins, ends, since: originOf(sinceVersion), until: originOf(untilVersion) }
  }
  const row = [...rows.people, ...rows.sections, ...rows.terms].find(({ id }) => id === ref.id)
  if (row === undefined) return null
  const last = history.findLast((change) => change.version <= version)
  const next = history.find((change) => change.version > version)
  const [begins, ends] = 'begins' in row ? [row.begins, row.ends] : [null, null]
  return {
    ...ref,
    sourcedId: row.sourcedId,
    begins,
    ends,
    since: last === undefined ? null : toOrigin(last, last),
    until: next === undefined ? null : toOrigin(next, next),
  }
}

import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findMidnights } from '../../db/queries/findMidnights.ts'
import type { ReachMoment } from '../../db/queries/findReachMoment.ts'
import { findReachRows, type ReachRows } from '../../db/queries/findReachRows.ts'
import { listReach } from '../../db/queries/listReach.ts'
import { findVersions, listRosterHistory } from '../../db/queries/listRosterHistory.ts'
import { decideReach, toChannels, type Reach, type ReachQuestion } from '../../domain/roster/decideReach.ts'
import { findEnding } from '../../domain/roster/findEnding.ts'
import type { ReachFault, RosterRef } from '../../domain/roster/findFaults.ts'
import { reachReasons } from '../../domain/roster/reachReasons.ts'
import { rewindFacts } from '../../domain/roster/rewindFacts.ts'
import type { ExplanationView } from '../schemas/explanationSchema.ts'
import { toEvidence, toOrigin } from './toEvidence.ts'
import { listDays, toRowTimes, type Chronicle, type HistoryOf } from './toRowTimes.ts'

/** An explanation; whether somebody is of the district, and which rows are about somebody, for showing less to those who may not see all. */
export type Explanation = {
  view: ExplanationView
  reach: Reach
  isPersonThere: (id: string) => boolean
  ownOf: (id: string) => ReadonlySet<string>
}

const toReason = ({ reason, row }: ReachFault) => ({
  reason,
  sentence: reachReasons[reason],
  subject: row?.subject ?? null,
  id: row?.id ?? null,
})

/**
 * Who may converse at a moment, and why. Of this moment the live roster itself says whether, by the same SQL as for every read; of a past one the
 * pure rule does, from what the roster was then. Call it under `readDistrict`: all statements see one snapshot.
 */
export const loadExplanation = async (
  tx: DistrictTransaction,
  question: ReachQuestion,
  moment: ReachMoment,
  isNow: boolean,
): Promise<Explanation> => {
  const rows = await findReachRows(tx, { ...question, at: isNow ? undefined : moment.at })
  const intervals = [...rows.enrollments, ...rows.guardianships, ...rows.connections]
  const ids = [...intervals, ...rows.people, ...rows.sections, ...rows.terms].map(({ id }) => id)
  const history = Map.groupBy(await listRosterHistory(tx, ids), ({ subjectId }) => subjectId)
  const named = intervals.flatMap(({ sinceVersion, untilVersion }) => [sinceVersion, ...(untilVersion === null ? [] : [untilVersion])])
  const historyOf: HistoryOf = (id) => history.get(id) ?? []
  const version = moment.version ?? 0
  const facts = isNow ? { ...rows, day: moment.day } : rewindFacts(rows, historyOf, { version, day: moment.day })
  const chronicle: Chronicle = {
    historyOf,
    versions: await findVersions(tx, [...new Set(named)]),
    midnights: await findMidnights(tx, listDays(rows, facts.people)),
  }
  const reach = moment.version === null ? noRosterYet : decideReach(facts, question)
  const channels = isNow ? await listReach(tx, question) : toChannels(reach.ways)
  const mayConverse = channels.length > 0
  const shown = reach.ways.filter(({ faults }) => !mayConverse || faults.length === 0)
  const ending = mayConverse
    ? null
    : findEnding(reach.ways, toRowTimes(rows, chronicle, { at: Date.parse(moment.at), version, people: facts.people }))
  const view: ExplanationView = {
    at: moment.at,
    day: moment.day,
    rosterVersion: moment.version,
    mayConverse,
    channels,
    because: distinctRows(shown.flatMap((way) => way.rows)).flatMap((ref) => toEvidence(rows, chronicle, version, ref) ?? []),
    reasons: mayConverse ? [] : reach.reasons.map(toReason),
    endedAt: ending === null ? null : new Date(ending.at).toISOString(),
    endedBy: ending === null ? null : { ...toCause(ending.fault), origin: toEndingOrigin(chronicle, ending) },
  }
  return { view, reach, isPersonThere: (id) => rows.people.some((person) => person.id === id), ownOf: (id) => listOwn(rows, id) }
}

/** A person's own row, enrollments and connections, what they are as a guardian, and the sections that they are in, as a substitute too. */
const listOwn = ({ enrollments, guardianships, connections, sections }: ReachRows, userId: string): ReadonlySet<string> => {
  const own = enrollments.filter((row) => row.userId === userId)
  const connected = connections.filter(({ providerId, studentId }) => providerId === userId || studentId === userId)
  const theirs = sections.filter(({ id }) => [...own, ...connected].some(({ sectionId }) => sectionId === id))
  const intervals = [...own, ...guardianships.filter(({ guardianId }) => guardianId === userId), ...connected]
  return new Set([userId, ...intervals.map(({ id }) => id), ...theirs.flatMap(({ id, termIds }) => [id, ...termIds])])
}

const noRosterYet: Reach = { mayConverse: false, ways: [], reasons: [{ reason: 'no-roster-yet', row: null }] }

const toCause = ({ reason, row }: ReachFault) => ({ reason, subject: row?.subject ?? null, id: row?.id ?? null })

/** The change of the row at the very moment at which it ended; none when a day passed. */
const toEndingOrigin = ({ historyOf, versions }: Chronicle, { at, fault }: { at: number; fault: ReachFault }) => {
  const change = historyOf(fault.row?.id ?? '').find((entry) => entry.at.getTime() === at)
  if (change !== undefined) return toOrigin(change, change)
  const version = [...versions.values()].find((one) => one.at.getTime() === at)
  return version === undefined ? null : toOrigin(version, undefined)
}

const distinctRows = (rows: readonly RosterRef[]): RosterRef[] => [...new Map(rows.map((row) => [row.id, row])).values()]

import type { ApiClient } from '../../api/client.ts'
import { followSync } from '../../deploy/roster/followSync.ts'
import type { TemporalAddress } from '../../stack/servers/temporal.ts'
import { decideRemovalId } from '../../workflows/contract.ts'
import type { SentSync } from '../../deploy/roster/syncShapes.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import type { Place } from '../district/place.ts'
import { sendZip } from '../district/sendZip.ts'
import { packRoster } from '../roster/packRoster.ts'
import { toBrokenRows } from '../roster/toBrokenRows.ts'
import { findRun } from './findRun.ts'
import { openReads, shutReads, type OpenPair } from './openPair.ts'
import { timed, type Shown } from './scene.ts'

type Stage = { place: Place; temporal: TemporalAddress; district: OpenDistrict; administrator: ApiClient; pair: OpenPair }

type Held = { rows: Record<string, number>; people: number; sections: number }

/** What the administrator is shown of what the brake holds, page by page. */
const preview = async (administrator: ApiClient, districtId: string, id: string): Promise<Held> => {
  const rows: Record<string, number> = {}
  const [people, sections] = [new Set<string>(), new Set<string>()]
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: '100', ...(cursor === undefined ? {} : { cursor }) }
    const answer = await administrator.v1.districts[':districtId']['roster-syncs'][':id']['held-removals'].$get({
      param: { districtId, id },
      query,
    })
    if (answer.status !== 200) throw new Error(`what the brake holds is not shown: HTTP ${answer.status}`)
    const { items, nextCursor } = await answer.json()
    for (const { subject, person, section } of items) {
      rows[subject] = (rows[subject] ?? 0) + 1
      if (person !== null) people.add(person.id)
      if (section !== null) sections.add(section.id)
    }
    cursor = nextCursor
  }
  return { rows, people: people.size, sections: sections.size }
}

const isDiscarded = ({ removals }: SentSync): boolean => removals?.state !== 'discarding'

const discard = async ({ administrator, district }: Stage, id: string): Promise<string> => {
  const { districtId, machine } = district
  const answer = await administrator.v1.districts[':districtId']['roster-syncs'][':id']['removal-decision'].$post({
    param: { districtId, id },
    json: { decision: 'discard', reason: 'The export broke off in the middle' },
  })
  if (answer.status !== 202) return `HTTP ${answer.status}`
  const { removals } = await followSync(machine, { districtId, syncId: id }, isDiscarded, { waitMs: 180_000 })
  return removals?.state ?? 'nothing held'
}

const toCounts = (rows: Record<string, number>): string =>
  Object.entries(rows)
    .map(([subject, count]) => `${subject}: ${count}`)
    .join(', ')

/**
 * A broken export: most enrollments are missing from it. Whom it would part cannot reach each other at once, and nothing else happens to them; the
 * administrator looks at what is held and discards it, and everything is as it was.
 */
export const breakExport = async (stage: Stage): Promise<Shown> => {
  const { place, temporal, district, administrator, pair } = stage
  const broken = toBrokenRows(district.rows, pair.student.id)
  const [brokenZip, wholeZip] = await Promise.all([packRoster(broken), packRoster(district.rows)])
  const lost = district.rows.enrollments.length - broken.enrollments.length

  const before = await timed(() => pair.read())
  const sent = await timed(() => sendZip(place, district, brokenZip))
  const held = await timed(() => pair.read())
  const run = await timed(() => findRun(temporal, decideRemovalId(sent.value.id), 'deciding'))
  const shown = await timed(() => preview(administrator, district.districtId, sent.value.id))
  const discarded = await timed(() => discard(stage, sent.value.id))
  const after = await timed(() => pair.read())
  const whole = await timed(() => sendZip(place, district, wholeZip))
  return {
    checks: [
      { what: 'teacher and student read', expected: openReads, seen: before.value, ms: before.ms },
      { what: `an export without ${lost} enrollments trips the brake`, expected: 'partly-applied', seen: sent.value.state, ms: sent.ms },
      { what: 'the very next reads', expected: shutReads, seen: held.value, ms: held.ms },
      { what: 'a run waits for the decision', expected: 'deciding', seen: run.value.stage, ms: run.ms },
      { what: 'the administrator sees what is held', expected: `enrollment: ${lost}`, seen: toCounts(shown.value.rows), ms: shown.ms },
      { what: 'and discards it', expected: 'discarded', seen: discarded.value, ms: discarded.ms },
      { what: 'the very next reads', expected: openReads, seen: after.value, ms: after.ms },
      { what: 'the whole export finds everything as it was', expected: 'unchanged', seen: whole.value.state, ms: whole.ms },
    ],
    notes: [
      `held: enrollments of ${shown.value.people} people in ${shown.value.sections} sections`,
      `the run that waited for the decision: ${run.value.link}`,
    ],
  }
}

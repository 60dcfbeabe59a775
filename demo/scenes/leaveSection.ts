import { v7 as newId } from 'uuid'
import { z } from 'zod'
import type { ApiClient } from '../../api/client.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import { openReads, shutReads, type OpenPair } from './openPair.ts'
import { timed, type Shown } from './scene.ts'

type Stage = { district: OpenDistrict; administrator: ApiClient; pair: OpenPair }
type Change = { action: 'created' | 'deleted'; data: Record<string, unknown> }

const sendEvent = async ({ districtId, machine }: OpenDistrict, change: Change): Promise<string> => {
  const event = { id: newId(), type: 'enrollments', occurredAt: new Date().toISOString(), ...change }
  return (await machine.call('POST', `/v1/districts/${districtId}/roster-events`, z.object({ outcome: z.string() }), event)).outcome
}

/** Whether the two may converse, and if not, what kind of change ended it. */
const explain = async (administrator: ApiClient, { teacherId, studentId }: OpenPair): Promise<string> => {
  const answer = await administrator.v1.access.explain.$get({ query: { actor: teacherId, target: studentId } })
  if (answer.status !== 200) return `HTTP ${answer.status}`
  const { mayConverse, endedBy } = await answer.json()
  return mayConverse ? 'connected' : `parted by: ${endedBy?.subject}, ${endedBy?.origin?.cause}`
}

/** As OneRoster writes an enrollment in JSON. */
const toRecord = ({ enrollment, section, student }: OpenPair): Record<string, unknown> => ({
  sourcedId: enrollment.sourcedId,
  class: { sourcedId: section.sourcedId },
  user: { sourcedId: student.sourcedId },
  role: enrollment.role,
  beginDate: enrollment.begins,
})

/**
 * A student leaves a section: the district's system says so by one event, and the next read of either side is the 404 of what is not there. Back in the
 * section, they read on.
 */
export const leaveSection = async ({ district, administrator, pair }: Stage): Promise<Shown> => {
  const { enrollment, section, student, teacher } = pair
  const before = await timed(() => pair.read())
  const startedAt = performance.now()
  const left = await timed(() => sendEvent(district, { action: 'deleted', data: { sourcedId: enrollment.sourcedId } }))
  const after = await pair.read()
  const untilShutMs = performance.now() - startedAt
  const why = await timed(() => explain(administrator, pair))
  const back = await timed(() => sendEvent(district, { action: 'created', data: toRecord(pair) }))
  const again = await timed(() => pair.read())
  return {
    checks: [
      {
        what: 'the teacher reads the conversation and opens the file, the student reads',
        expected: openReads,
        seen: before.value,
        ms: before.ms,
      },
      { what: 'one event ends the enrollment, and is applied before it is answered', expected: 'applied', seen: left.value, ms: left.ms },
      { what: 'the very next reads, timed from sending the event to the last answer', expected: shutReads, seen: after, ms: untilShutMs },
      { what: 'the administrator asks why', expected: 'parted by: enrollment, event', seen: why.value, ms: why.ms },
      { what: 'another event brings the student back', expected: 'applied', seen: back.value, ms: back.ms },
      { what: 'the very next reads', expected: openReads, seen: again.value, ms: again.ms },
    ],
    notes: [`${student.givenName} ${student.familyName} left ${section.title} of ${teacher.givenName} ${teacher.familyName}`],
  }
}

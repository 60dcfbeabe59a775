import { expect, test } from 'vitest'
import type { ReceivedAlert } from '../stack/servers/alertSink.ts'
import { clean, contentTypes, quarantined, type Outcome } from './corpus/corpusFile.ts'
import type { FileResult } from './report/fileResult.ts'
import { waitForAlerts } from './waitForAlerts.ts'

const result = (attachmentId: string, outcome: Outcome): FileResult => ({
  file: {
    name: `${attachmentId}.txt`,
    contentType: contentTypes.txt,
    by: 'student',
    journey: 'upload',
    expected: outcome,
    make: async () => Buffer.alloc(1),
    path: 'none',
    bytes: 1,
    sha256: '00',
  },
  attachmentId,
  ...outcome,
  ms: 1,
  faults: [],
})

const alert = (attachmentId: string): ReceivedAlert => ({
  receivedAt: '2026-01-01T00:00:00Z',
  event: {
    routing_key: 'x',
    event_action: 'trigger',
    dedup_key: attachmentId,
    payload: { summary: 'Malware', source: 'worker', severity: 'warning', custom_details: { attachmentId } },
  },
})

const options = { patienceMs: 0, signal: new AbortController().signal }
const findFaults = async (results: FileResult[], alerts: ReceivedAlert[]): Promise<string[]> =>
  (await waitForAlerts(results, () => alerts, options)).flatMap(({ faults }) => faults)

test('a quarantined file of which no engineer was told is a fault', async () => {
  expect(await findFaults([result('a', quarantined), result('b', quarantined)], [alert('b')])).toEqual(['quarantined without an alert'])
})

test('an alert about a clean file is a fault', async () => {
  expect(await findFaults([result('a', clean)], [alert('a')])).toEqual(['an alert without malware'])
})

test('every quarantined file with its alert is no fault', async () => {
  expect(await findFaults([result('a', quarantined), result('b', clean)], [alert('a')])).toEqual([])
})

test('an alert that comes while the demo waits counts', async () => {
  const alerts: ReceivedAlert[] = []
  const waiting = waitForAlerts([result('a', quarantined)], () => alerts, { ...options, patienceMs: 10_000 })
  alerts.push(alert('a'))
  expect((await waiting).flatMap(({ faults }) => faults)).toEqual([])
})

import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createStartNow } from '../../api/startNow.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import type { RunningWorkers } from '../../worker/runWorkers.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { allowedAttributes } from '../../telemetry/spanAttributes.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startCollector, type CollectedSpan, type Collector } from '../support/startCollector.ts'

let collector: Collector
let world: AttachmentWorld
let api: RunningApi
let teacher: Caller
let isTemporalAway = false
/** How often the inspection of these fails before it succeeds. */
const failing = new Map<string, number>()
const inspectObject = async ({ attachmentId }: { attachmentId: string }): Promise<void> => {
  const left = failing.get(attachmentId) ?? 0
  failing.set(attachmentId, left - 1)
  if (left > 0) throw new Error('away')
}
let workers: RunningWorkers
beforeAll(async () => {
  collector = await startCollector()
  world = await createAttachmentWorld({ tracing: { endpoint: collector.url, ratio: 1 } })
  // A run that has to wait is continued as another one after its second round.
  const pace = { ...testPace, attemptsPerRound: 1, waitBetweenRoundsMs: 50, roundsPerRun: 2 }
  workers = await startFaultyWorkers(world, { pace, before: { inspectObject } })
  const { app, client, districtKeys } = world.adapters
  api = await startApi(world.database, {
    districtKeys,
    taskQueues: world.config.taskQueues,
    startWorkflow: createStartNow({
      app,
      log: pino({ enabled: false }),
      tryStart: (request) => (isTemporalAway ? Promise.reject(new Error('away')) : startWorkflow(client, request, 5_000)),
    }),
  })
  const { districtId, teacherId } = world.channel
  teacher = createCaller(api.url, (await signIn(app, districtId, teacherId)).token)
})
afterAll(async () => {
  await api?.close()
  await workers?.drain()
  await world?.close()
  await collector?.close()
})

const upload = async (content: Buffer): Promise<string> => {
  const id = await world.addTicket()
  await world.upload(id, content)
  return id
}
const foreign = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
const complete = (id: string) => teacher('POST', `/v1/attachments/${id}/complete`, undefined, foreign)

/** The spans of the trace that the run of this attachment is in, when the run's own has come, which is the last. */
const traceOf = async (id: string): Promise<CollectedSpan[]> => {
  const workflowId = scanAttachmentId(id, 1)
  await world.adapters.client.workflow.getHandle(workflowId).result()
  const ofRun = (span: CollectedSpan) =>
    span.name === 'RunWorkflow:scanAttachment' && span.attributes['temporal.workflow.id'] === workflowId
  const find = () => collector.spans().filter(({ traceId }) => traceId === collector.spans().find(ofRun)?.traceId)
  await vi.waitFor(
    () => {
      const names = find().map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(['RunActivity:closeAttachment', 'POST /v1/attachments/:id/complete']))
      // A run that was continued is over before the one that goes on.
      const outcomes = find()
        .filter(ofRun)
        .map(({ attributes }) => attributes['hallpass.outcome'])
      expect(outcomes.filter((outcome) => outcome !== 'continued')).toHaveLength(1)
    },
    { timeout: 20_000, interval: 200 },
  )
  return find()
}

/** From a span to the first of its trace, by name. */
const pathOf = (spans: CollectedSpan[], name: string): string[] => {
  const path: string[] = []
  for (let span = spans.find((one) => one.name === name); span !== undefined;) {
    path.push(span.name)
    const { parentSpanId } = span
    span = spans.find(({ spanId }) => spanId === parentSpanId)
  }
  return path
}

const fromRequest = ['RunWorkflow:scanAttachment', 'StartWorkflow:scanAttachment', 'POST /v1/attachments/:id/complete']

describe('one trace', () => {
  test('leads from the request that completed an upload to the last activity, and through the calls of outside systems', async () => {
    const id = await upload(makeEicar())
    expect((await complete(id)).status).toBe(202)
    const spans = await traceOf(id)
    for (const activity of [
      'readPace',
      'pinVersion',
      'inspectObject',
      'quarantineObject',
      'removeIncoming',
      'closeAttachment',
      'alertInfected',
    ]) {
      expect(pathOf(spans, `RunActivity:${activity}`)).toEqual([`RunActivity:${activity}`, ...fromRequest])
    }
    expect(pathOf(spans, 'clamd scan')).toEqual(['clamd scan', 'RunActivity:inspectObject', ...fromRequest])
    expect(pathOf(spans, 's3 write')).toEqual(['s3 write', 'RunActivity:quarantineObject', ...fromRequest])
    expect(pathOf(spans, 'pager raise')).toEqual(['pager raise', 'RunActivity:alertInfected', ...fromRequest])
    expect(pathOf(spans, 'smtp send')).toEqual(['smtp send', 'RunActivity:tellUploader', ...fromRequest])
    expect(spans.map(({ name }) => name)).toContain('postgres transaction')
    expect(new Set(spans.filter(({ parentSpanId }) => parentSpanId === null).map(({ name }) => name))).toEqual(new Set([fromRequest[2]]))
  })

  test('is the same when the relay starts the run later', async () => {
    isTemporalAway = true
    const id = await upload(Buffer.from(withCanary('started by the relay')))
    expect((await complete(id)).status).toBe(202)
    isTemporalAway = false
    const { rows } = await world.database.superuser.query<{ trace_parent: string }>(
      `select trace_parent from outbox where workflow_id = $1 and started_at is null`,
      [scanAttachmentId(id, 1)],
    )
    const [, traceId] = present(rows[0]).trace_parent.split('-')
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    const spans = await traceOf(id)
    expect(spans[0]?.traceId).toBe(traceId)
    const path = pathOf(spans, 'RunActivity:closeAttachment')
    expect(path.slice(0, 3)).toEqual(['RunActivity:closeAttachment', ...fromRequest.slice(0, 2)])
    expect(path.at(-1)).toBe(fromRequest[2])
  })

  test('goes on when the run is continued as another one', async () => {
    const id = await upload(Buffer.from(withCanary('waited for')))
    failing.set(id, 3)
    expect((await complete(id)).status).toBe(202)
    const spans = await traceOf(id)
    const runs = spans.filter(({ name }) => name === 'RunWorkflow:scanAttachment')
    expect(new Set(runs.map(({ attributes }) => attributes['hallpass.outcome']))).toEqual(new Set(['clean', 'continued']))
    expect(runs).toHaveLength(2)
    // Each run is part of the one before, and the last activity of the last one.
    expect(pathOf(spans, 'RunActivity:closeAttachment')).toEqual([
      'RunActivity:closeAttachment',
      'RunWorkflow:scanAttachment',
      ...fromRequest,
    ])
    expect(spans.filter(({ name }) => name === 'RunActivity:inspectObject')).toHaveLength(4)
    expect(new Set(spans.filter(({ parentSpanId }) => parentSpanId === null).map(({ name }) => name))).toEqual(new Set([fromRequest[2]]))
  })

  test('is never one that a caller named, and a caller cannot have a request kept', () => {
    expect(collector.received()).not.toContain('a'.repeat(32))
    expect(collector.spans().filter(({ name }) => name.startsWith('POST')).length).toBeGreaterThan(1)
  })

  test('says nothing of content: no text, no file, no name, no person, and only listed attributes', async () => {
    await teacher('POST', `/v1/channels/${world.channel.channelId}/messages`, { text: withCanary('hello'), attachmentIds: [] })
    await teacher('GET', `/v1/${encodeURIComponent(withCanary('nothing here'))}`)
    await vi.waitFor(() => expect(collector.received()).toMatch(/channels\/:\w+\/messages/), { timeout: 10_000 })
    const { teacherEmail, teacherId, studentId } = world.channel
    for (const secret of [
      inject('canary'),
      encodeURIComponent(inject('canary')),
      teacherEmail,
      teacherId,
      studentId,
      'EICAR',
      'file.txt',
    ]) {
      expect(collector.received()).not.toContain(secret)
    }
    const names = new Set(collector.spans().flatMap(({ attributes }) => Object.keys(attributes)))
    // Each has been seen by now, which shows that this looks at all of them.
    expect(names).toEqual(allowedAttributes)
  })
})

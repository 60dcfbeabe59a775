import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { listen } from '../../api/listen.ts'
import { createMetricsApp } from '../../api/metricsApp.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { findPromtool } from '../../stack/binaries/findPromtool.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'

/** Where Temporal's SDK names its metrics. */
const sdkMetrics = ['client/src/metrics.rs', 'sdk-core/src/telemetry/metrics.rs'].map(
  (file) => `../../node_modules/@temporalio/core-bridge/sdk-core/crates/${file}`,
)

let world: AttachmentWorld
let api: RunningApi
let apiMetrics: { url: string; close(): void }
let worker: WorkerProcess
beforeAll(async () => {
  world = await createAttachmentWorld({}, { hasOwnNamespace: true })
  api = await startApi(world.database, { districtKeys: world.adapters.districtKeys })
  const { server, port } = await listen(createMetricsApp(api.deps.metrics, api.deps), { host: '127.0.0.1', port: 0 })
  apiMetrics = { url: `http://127.0.0.1:${port}/metrics`, close: () => void server.close() }
  worker = startWorkerProcess({ ...world.environment, WORKER_HEALTH_PORT: '0', SWEEP_INTERVAL_SECONDS: '1' })
  await worker.health
})
afterAll(async () => {
  await worker?.kill('SIGKILL')
  apiMetrics?.close()
  await api?.close()
  await world?.close()
})

const readApi = async (): Promise<string> => (await fetch(apiMetrics.url)).text()
const readWorker = async (): Promise<string> => (await fetch(`${await worker.health}/metrics`)).text()

/** The value of the line that begins so; null when there is none. */
const valueOf = (metrics: string, start: string): number | null => {
  const line = metrics.split('\n').find((one) => one.startsWith(start))
  return line === undefined ? null : Number(line.split(' ').at(-1))
}

/** What promtool says of metrics: nothing when they are sound. */
const lint = async (metrics: string): Promise<string> => {
  const tool = spawn(await findPromtool(), ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const said = Promise.all([text(tool.stdout), text(tool.stderr)])
  tool.stdin.end(metrics)
  await once(tool, 'close')
  return (await said).join('')
}

describe('what a process says of itself', () => {
  test('counts files by their end, and times and counts what the engine said', async () => {
    await world.send(makeEicar(), 'text/plain')
    await world.send(Buffer.from(withCanary('harmless')), 'text/plain')
    await vi.waitFor(
      async () => {
        const metrics = await readWorker()
        for (const outcome of ['clean', 'quarantined']) {
          expect(valueOf(metrics, `hallpass_runs_ended_total{workflow="scanAttachment",outcome="${outcome}"}`)).toBe(1)
        }
        expect(valueOf(metrics, 'hallpass_scan_duration_seconds_count{result="ok"}')).toBeGreaterThanOrEqual(1)
        expect(valueOf(metrics, 'hallpass_scan_duration_seconds_count{result="found"}')).toBe(1)
        expect(valueOf(metrics, 'hallpass_scanned_bytes_total')).toBeGreaterThan(68)
        expect(valueOf(metrics, 'hallpass_scanner_standing{standing="proven"}')).toBe(1)
        expect(valueOf(metrics, 'hallpass_scan_backlog_uploads')).toBe(0)
        expect(valueOf(metrics, 'hallpass_schedule_last_success_timestamp_seconds{schedule="sweep-attachments"}')).toBeGreaterThan(1.7e9)
      },
      { timeout: 30_000, interval: 500 },
    )
  })

  test('shows how old the oldest upload, the oldest start and the oldest unsealed entry are, from the database', async () => {
    const { superuser } = world.database
    const id = await world.addTicket()
    const workflowId = `nobody-starts:${id}`
    await world.complete(id)
    await superuser.query(`update attachments set upload_completed_at = now() - interval '3 hours' where id = $1`, [id])
    // Held by a relay for an hour, so that it stays.
    await superuser.query(
      `update outbox set created_at = now() - interval '2 hours', claimed_until = now() + interval '1 hour', workflow_id = $2 where input ->> 'attachmentId' = $1`,
      [id, workflowId],
    )
    const metrics = await readWorker()
    expect(valueOf(metrics, 'hallpass_scan_backlog_uploads')).toBe(1)
    expect(valueOf(metrics, 'hallpass_scan_backlog_oldest_seconds')).toBeGreaterThanOrEqual(10_800)
    expect(valueOf(metrics, 'hallpass_outbox_entries')).toBeGreaterThanOrEqual(1)
    expect(valueOf(metrics, 'hallpass_outbox_oldest_seconds')).toBeGreaterThanOrEqual(7_200)
    expect(valueOf(metrics, 'hallpass_audit_unsealed_oldest_seconds')).toBeGreaterThanOrEqual(0)
    expect(metrics).not.toMatch(/hallpass_collect_failures_total\{[^}]*\} [1-9]/)
  })

  test('times requests by the pattern of their route, and never by what was asked for', async () => {
    const { districtId, teacherId } = world.channel
    const call = createCaller(api.url, (await signIn(world.adapters.app, districtId, teacherId)).token)
    expect((await call('GET', '/v1/me')).status).toBe(200)
    expect((await call('GET', `/v1/attachments/${withCanary('x').replaceAll(' ', '-')}`)).status).toBe(404)
    await call('GET', `/${inject('canary')}`)
    const metrics = await readApi()
    expect(valueOf(metrics, 'hallpass_http_request_duration_seconds_count{method="GET",route="/v1/me",status="200"}')).toBe(1)
    expect(valueOf(metrics, 'hallpass_database_connections{role="app",state="idle"}')).toBeGreaterThan(0)
    expect(metrics).not.toContain(inject('canary'))
  })

  test('is not on the listener that the public reaches', async () => {
    expect((await fetch(`${api.url}/metrics`)).status).toBe(404)
  })

  test('names no district, no file and no person', async () => {
    const metrics = `${await readApi()}${await readWorker()}`
    const { districtId, teacherId, studentId, channelId } = world.channel
    for (const id of [districtId, teacherId, studentId, channelId, inject('canary')]) expect(metrics).not.toContain(id)
    expect(metrics).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/)
  })

  test('is what promtool finds sound: names, units, types, help', async () => {
    expect(await lint(await readApi())).toBe('')
    expect(await lint(await readWorker())).toBe('')
    expect(await lint('bad_metric_seconds_total{a="b"} 1\n')).not.toBe('')
  })

  test('has every metric that an alert rule asks for; those of faults that did not happen yet are known to the SDK', async () => {
    const rules = await readFile(new URL('../../deploy/prometheus/alerts.yml', import.meta.url), 'utf8')
    const asked = new Set([...rules.matchAll(/\b(?:hallpass|temporal)_\w+/g)].map(([name]) => name))
    const exported = `${await readApi()}${await readWorker()}`
    const missing = [...asked].filter((name) => !new RegExp(`^(# TYPE )?${name.replace(/_(bucket|count)$/, '')}[ {_]`, 'm').test(exported))
    const sources = await Promise.all(sdkMetrics.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))
    const isKnown = (name: string): boolean => sources.join('').includes(`"${name.replace(/^temporal_/, '').replace(/_total$/, '')}"`)
    expect(asked.size).toBeGreaterThan(15)
    expect(missing.filter((name) => !name.startsWith('temporal_') || !isKnown(name))).toEqual([])
    expect(isKnown('temporal_never_heard_of_total')).toBe(false)
    for (const word of ['"status_code"', '"NonDeterminismError"', '"GrpcMessageTooLarge"']) expect(sources.join('')).toContain(word)
  })

  test('and what a scrape cannot read is left out and counted, since an old value would look well', async () => {
    const { superuser } = world.database
    await superuser.query('revoke select on outbox from hallpass_relay')
    expect(valueOf(await readWorker(), 'hallpass_outbox_oldest_seconds')).toBeNull()
    const metrics = await readWorker()
    expect(valueOf(metrics, 'hallpass_collect_failures_total{metric="hallpass_outbox_oldest_seconds"}')).toBeGreaterThanOrEqual(1)
    expect(valueOf(metrics, 'hallpass_scan_backlog_uploads')).toBe(1)
  })
})

import type { Client } from '@temporalio/client'
import { acrossDistricts } from '../db/openDatabase.ts'
import { withOperations } from '../db/operationsDistrict.ts'
import { countBadEnds } from '../db/queries/countBadEnds.ts'
import { countDelayedScans } from '../db/queries/countDelayedScans.ts'
import { countWaitingStarts } from '../db/queries/countWaitingStarts.ts'
import { expectSuccess } from '../db/queries/expectSuccess.ts'
import { findUnsealedAge } from '../db/queries/findUnsealedAge.ts'
import { syntheticEicar } from '../domain/syntheticEicar.ts'
import type { Sample, WorkerMetrics } from '../telemetry/createWorkerMetrics.ts'
import { scheduleIds, type ArchiveOutcome } from '../workflows/contract.ts'
import type { Adapters } from './openAdapters.ts'

type World = Pick<Adapters, 'app' | 'relay' | 'sweeper' | 'client'> & { maintenanceQueue: string; isSyntheticSent: boolean }

const listDeadlineMs = 5_000
const recently = { infectedSeconds: 3_600, unscannableSeconds: 1_800 }

/**
 * Adds what is seen in the database and in Temporal at the moment of a scrape. Every worker says the same of it, so rules take the
 * largest. What cannot be read is left out, and counted: a value that is old would look well.
 */
export const collectWorld = (metrics: WorkerMetrics, world: World): void => {
  const backlog = () => acrossDistricts(world.sweeper, (tx) => countDelayedScans(tx, 0))
  const outbox = () => acrossDistricts(world.relay, (tx) => countWaitingStarts(tx, 0))
  const collectOne = (name: string, help: string, read: () => Promise<number>): void =>
    metrics.collect({ name, help, read: async () => [{ value: await read() }] })

  collectOne('hallpass_scan_backlog_uploads', 'Uploads that wait for the end of their scan.', async () => (await backlog()).count)
  collectOne(
    'hallpass_scan_backlog_oldest_seconds',
    'How long the upload that waits longest has waited for the end of its scan.',
    async () => (await backlog()).oldestSeconds,
  )
  collectOne('hallpass_outbox_entries', 'Runs that were asked for and are not started.', async () => (await outbox()).count)
  collectOne(
    'hallpass_outbox_oldest_seconds',
    'Age of the oldest run that was asked for and is not started.',
    async () => (await outbox()).oldestSeconds,
  )
  collectOne('hallpass_audit_unsealed_oldest_seconds', 'Age of the oldest audit entry that is in no sealed batch.', () =>
    acrossDistricts(world.sweeper, findUnsealedAge),
  )
  metrics.collect({
    name: 'hallpass_recent_ends',
    help: 'Attachments that ended badly of late: infected within an hour, uninspected within half an hour, failed and not replayed, since whenever.',
    labelNames: ['end'],
    read: async () => {
      const ends = await acrossDistricts(world.sweeper, (tx) => countBadEnds(tx, recently))
      return Object.entries(ends).map(([end, value]) => ({ labels: { end }, value }))
    },
  })
  metrics.collect({
    name: 'hallpass_synthetic_eicar_age_seconds',
    help: 'Time since the last test virus that was quarantined; without a sample when none are sent.',
    read: async () =>
      world.isSyntheticSent ? [{ value: await withOperations(world.app, (tx) => expectSuccess(tx, syntheticEicar.name)) }] : [],
  })
  metrics.collect({
    name: 'hallpass_schedule_last_success_timestamp_seconds',
    help: 'When the last run of a schedule that succeeded ended.',
    labelNames: ['schedule'],
    read: () => readLastSuccesses(world),
  })
  metrics.collect({
    name: 'hallpass_archive_through_timestamp_seconds',
    help: 'Every history that was closed before is in the archive.',
    read: () => readArchiveThrough(world),
  })
}

type Ended = { workflowId: string; runId: string; endedAt: number }

/** The last run of this workflow that succeeded; null when the server knows none. The server lists what closed last first. */
const findLastSuccess = async ({ client, maintenanceQueue }: World, workflowType: string): Promise<Ended | null> => {
  const query = `WorkflowType = "${workflowType}" AND TaskQueue = "${maintenanceQueue}" AND ExecutionStatus = "Completed"`
  return withDeadline(client, async () => {
    for await (const { workflowId, runId, closeTime } of client.workflow.list({ query, pageSize: 1 })) {
      return closeTime === undefined ? null : { workflowId, runId, endedAt: closeTime.getTime() }
    }
    return null
  })
}

const readLastSuccesses = async (world: World): Promise<Sample[]> => {
  const samples = await Promise.all(
    Object.entries(scheduleIds).map(async ([workflowType, schedule]) => {
      const last = await findLastSuccess(world, workflowType)
      return last === null ? [] : [{ labels: { schedule }, value: last.endedAt / 1_000 }]
    }),
  )
  return samples.flat()
}

const readArchiveThrough = async (world: World): Promise<Sample[]> => {
  const last = await findLastSuccess(world, 'archiveHistories')
  if (last === null) return []
  const handle = world.client.workflow.getHandle(last.workflowId, last.runId)
  const { through } = await withDeadline(world.client, () => handle.result() as Promise<ArchiveOutcome>)
  return [{ value: through / 1_000 }]
}

const withDeadline = <T>(client: Client, ask: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + listDeadlineMs, ask)

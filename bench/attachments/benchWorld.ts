import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import pg from 'pg'
import type { ApiClient } from '../../api/client.ts'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { connectTemporal } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { openSampleDistricts } from '../../demo/district/openSampleDistricts.ts'
import { openConversations } from '../../demo/scenario/openConversations.ts'
import { toPlace } from '../../demo/district/place.ts'
import { keyPaths } from '../../stack/appEnvironment.ts'
import type { SupervisedProcess } from '../../stack/processes/startSupervisor.ts'
import { startApps, type Apps } from '../../stack/startApps.ts'
import { startStack, type Stack } from '../../stack/startStack.ts'
import { startFloorWorker } from '../floor/startFloorWorker.ts'
import { liftQuotas } from '../liftQuotas.ts'
import { uploadFile } from '../uploadFile.ts'
import type { BenchFile } from './makeFiles.ts'

/** Uploads that went through, by the database's clock. Seconds. */
export type Passage = { seconds: number; each: number[] }

export type BenchWorld = {
  stack: Stack
  temporal: Client
  /** Ends API and worker, and starts them anew with this laid over their environment. */
  restartApps(environment: Record<string, string>): Promise<void>
  startFloorWorker(taskQueue: string): Promise<SupervisedProcess>
  /** Ticket and upload: all that comes before the clock starts. Answers the attachments. */
  upload(files: readonly BenchFile[]): Promise<string[]>
  /** Says of one upload that it is complete. */
  complete(attachmentId: string): Promise<void>
  /** Waits until all are clean. @throws when one ends in another way, or does not end. */
  untilClean(attachmentIds: readonly string[], pollMs?: number): Promise<Passage>
  /** As if an older database had looked at these files last, long ago. */
  makeDue(attachmentIds: readonly string[]): Promise<void>
  /** How many of these were looked at since. */
  countLookedAt(attachmentIds: readonly string[]): Promise<number>
  pids(): Record<string, number>
  close(): Promise<void>
}

const folder = fileURLToPath(new URL('../../.stack/bench', import.meta.url))
const patienceMs = 600_000

type Door = { client: ApiClient; channelId: string; districtId: string }

const openDoor = async (stack: Stack, apps: Apps): Promise<Door> => {
  const { sample } = await openSampleDistricts(toPlace(stack, apps))
  await liftQuotas(stack, sample.districtId)
  const teacher = sample.rows.users.find(({ role }) => role === 'teacher')
  if (teacher === undefined) throw new Error('the sample district has no teacher')
  const [conversation] = await openConversations(apps.api.url, sample.signIn, [teacher.sourcedId])
  if (conversation === undefined) throw new Error('the teacher has nobody to write with')
  return { client: conversation.teacher.client, channelId: conversation.channelId, districtId: sample.districtId }
}

type Row = { state: string; began: number; ended: number }

const createWatch = async (stack: Stack, districtId: string) => {
  const client = new pg.Client({ connectionString: stack.postgres.urls.app })
  await client.connect()
  await client.query(`select set_config('app.district_id', $1, false)`, [districtId])
  const look = async (ids: readonly string[]): Promise<Row[]> => {
    const { rows } = await client.query<Row>(
      `select state, extract(epoch from upload_completed_at)::float8 as began, extract(epoch from ended_at)::float8 as ended
       from attachments where district_id = $1 and id = any($2) and ended_at is not null`,
      [districtId, ids],
    )
    return rows
  }
  const makeDue = async (ids: readonly string[]): Promise<void> => {
    await client.query(
      `update attachments set database_version = '1', rescan_version = null, rescanned_at = null where district_id = $1 and id = any($2)`,
      [districtId, ids],
    )
  }
  const countLookedAt = async (ids: readonly string[]): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from attachments where district_id = $1 and id = any($2) and rescanned_at is not null`,
      [districtId, ids],
    )
    return rows[0]?.count ?? 0
  }
  return { look, makeDue, countLookedAt, close: () => client.end() }
}

const listServers = (stack: Stack): Record<string, number> => {
  const file = join(stack.folder, 'children.json')
  const listed = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name: string; pid: number }[]) : []
  return Object.fromEntries(listed.map(({ name, pid }) => [name, pid]))
}

/** Starts servers, API and worker of its own, empty, and a teacher who sends files. */
export const openBenchWorld = async (tell: (line: string) => void): Promise<BenchWorld> => {
  const stack = await startStack({ folder, log: 'silent', isFresh: true })
  let closeWatch: (() => Promise<void>) | null = null
  try {
    const unwatched = { SYNTHETIC_INTERVAL_SECONDS: '86400', LOG_LEVEL: 'warn' }
    let apps = await startApps(stack, { log: 'silent', environment: unwatched })
    const door = await openDoor(stack, apps)
    const watch = await createWatch(stack, door.districtId)
    closeWatch = watch.close
    const { keyFolder, keyRingFile } = keyPaths(stack)
    const ring = await loadPayloadKeyRing(await openLocalKeyService(keyFolder), keyRingFile)
    const temporal = connectTemporal({ ...stack.temporal, dataConverter: createDataConverter(ring) })
    return {
      stack,
      temporal,
      restartApps: async (environment) => {
        await apps.stop()
        apps = await startApps(stack, { log: 'silent', environment: { ...unwatched, ...environment } })
      },
      startFloorWorker: (taskQueue) => startFloorWorker(stack, taskQueue),
      upload: async (files) => {
        const ids: string[] = []
        for (const file of files) ids.push(await uploadFile(door.client, door.channelId, file))
        return ids
      },
      complete: async (id) => {
        const answer = await door.client.v1.attachments[':id'].complete.$post({ param: { id } })
        if (answer.status !== 202) throw new Error(`a completion was answered with HTTP ${answer.status}`)
        await answer.json()
      },
      untilClean: async (ids, pollMs = 100) => {
        const until = performance.now() + patienceMs
        for (;;) {
          const rows = await watch.look(ids)
          const other = rows.find(({ state }) => state !== 'clean')
          if (other !== undefined) throw new Error(`a harmless file ended as ${other.state}`)
          if (rows.length === ids.length) {
            const began = Math.min(...rows.map((row) => row.began))
            return { seconds: Math.max(...rows.map((row) => row.ended)) - began, each: rows.map((row) => row.ended - row.began) }
          }
          if (performance.now() > until) throw new Error(`only ${rows.length} of ${ids.length} files came through`)
          await wait(pollMs)
        }
      },
      makeDue: watch.makeDue,
      countLookedAt: watch.countLookedAt,
      pids: () => ({ ...listServers(stack), bench: process.pid }),
      close: async () => {
        tell('ending')
        await watch.close()
        await temporal.connection.close()
        await stack.stop()
      },
    }
  } catch (error) {
    await closeWatch?.()
    await stack.stop()
    throw error
  }
}

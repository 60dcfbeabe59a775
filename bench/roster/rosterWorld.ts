import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import pg from 'pg'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { connectTemporal } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { openFeedFile } from '../../deploy/roster/openFeedFile.ts'
import { openMachine } from '../../deploy/roster/openMachine.ts'
import { sendFeed } from '../../deploy/roster/sendFeed.ts'
import { keyPaths } from '../../stack/appEnvironment.ts'
import { startApps, type Apps } from '../../stack/startApps.ts'
import { startStack, type Stack } from '../../stack/startStack.ts'
import { syncRosterId } from '../../workflows/contract.ts'
import { addBenchDistrict, type BenchCredentials } from '../addBenchDistrict.ts'

/** What a sync took from the word that its feed is there to its end, by the database's clock. */
export type TimedSync = { seconds: number; state: string; workflowId: string }

/** A district whose roster comes through the front door: machine credentials, pre-signed POST, workflow, worker. */
export type BenchDistrict = { id: string; sync(path: string): Promise<TimedSync> }

export type RosterWorld = {
  stack: Stack
  temporal: Client
  /** As they run now: a restart changes them. */
  apps(): Apps
  addDistrict(): Promise<BenchDistrict>
  /** Postgres plans well only what it has counted. */
  countRows(): Promise<void>
  /** Starts API and worker anew, and answers the worker's process. */
  restartApps(): Promise<number>
  close(): Promise<void>
}

const folder = fileURLToPath(new URL('../../.stack/bench', import.meta.url))
const patienceMs = 1_800_000
const environment = { SYNTHETIC_INTERVAL_SECONDS: '86400', LOG_LEVEL: 'warn' }

const findWorker = (stack: Stack): number => {
  const file = join(stack.folder, 'children.json')
  const listed = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name: string; pid: number }[]) : []
  const worker = listed.findLast(({ name }) => name === 'worker')
  if (worker === undefined) throw new Error('the worker is not there')
  return worker.pid
}

/** Starts servers, API and worker of its own, empty. */
export const openRosterWorld = async (): Promise<RosterWorld> => {
  const stack = await startStack({ folder, log: 'silent', isFresh: true })
  const superuser = new pg.Client({ connectionString: stack.postgres.urls.superuser })
  try {
    let apps: Apps = await startApps(stack, { log: 'silent', environment })
    await superuser.connect()
    const { keyFolder, keyRingFile } = keyPaths(stack)
    const ring = await loadPayloadKeyRing(await openLocalKeyService(keyFolder), keyRingFile)
    const temporal = connectTemporal({ ...stack.temporal, dataConverter: createDataConverter(ring) })
    const readTime = async (districtId: string, syncId: string): Promise<number> => {
      const { rows } = await superuser.query<{ seconds: number }>(
        `select extract(epoch from ended_at - queued_at)::float8 as seconds from roster_syncs where district_id = $1 and id = $2`,
        [districtId, syncId],
      )
      return rows[0]?.seconds ?? Number.NaN
    }
    const sync = async ({ districtId, ...credentials }: BenchCredentials, path: string): Promise<TimedSync> => {
      const machine = await openMachine({ apiUrl: apps.api.url, ...credentials })
      const { id, state } = await sendFeed(machine, { districtId, feed: await openFeedFile(path) }, { waitMs: patienceMs })
      return { state, seconds: await readTime(districtId, id), workflowId: syncRosterId(id, 1) }
    }
    return {
      stack,
      temporal,
      apps: () => apps,
      addDistrict: async () => {
        const credentials = await addBenchDistrict(stack)
        return { id: credentials.districtId, sync: (path) => sync(credentials, path) }
      },
      countRows: async () => void (await superuser.query('vacuum analyze')),
      restartApps: async () => {
        await apps.stop()
        apps = await startApps(stack, { log: 'silent', environment })
        return findWorker(stack)
      },
      close: async () => {
        await temporal.connection.close()
        await superuser.end()
        await apps.stop()
        await stack.stop()
      },
    }
  } catch (error) {
    await superuser.end()
    await stack.stop()
    throw error
  }
}

import { existsSync, openAsBlob, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import pg from 'pg'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { connectTemporal } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { keyPaths } from '../../stack/appEnvironment.ts'
import { startApps, type Apps } from '../../stack/startApps.ts'
import { startStack, type Stack } from '../../stack/startStack.ts'
import { addBenchDistrict, type Machine } from '../addBenchDistrict.ts'

/** What a sync took from the word that its feed is there to its end, by the database's clock. */
export type TimedSync = { seconds: number; state: string; workflowId: string }

/** A district whose roster comes through the front door: machine credentials, pre-signed POST, workflow, worker. */
export type BenchDistrict = { sync(path: string): Promise<TimedSync> }

export type RosterWorld = {
  stack: Stack
  temporal: Client
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

const findToken = async (apiUrl: string, { clientId, clientSecret }: Machine): Promise<string> => {
  const answer = await fetch(`${apiUrl}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  })
  if (!answer.ok) throw new Error(`a token was answered with HTTP ${answer.status}`)
  return ((await answer.json()) as { access_token: string }).access_token
}

const send = async (apiUrl: string, machine: Machine, path: string): Promise<string> => {
  const headers = { Authorization: `Bearer ${await findToken(apiUrl, machine)}`, 'Content-Type': 'application/json' }
  const post = async <T>(route: string): Promise<T> => {
    const answer = await fetch(`${apiUrl}/v1/districts/${machine.districtId}/roster-syncs${route}`, { method: 'POST', headers, body: '{}' })
    if (!answer.ok) throw new Error(`${route === '' ? 'a ticket' : route} was answered with HTTP ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const { sync, upload } = await post<{ sync: { id: string }; upload: { url: string; fields: Record<string, string> } }>('')
  const form = new FormData()
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
  form.append('file', await openAsBlob(path, { type: 'application/zip' }))
  const stored = await fetch(upload.url, { method: 'POST', body: form })
  if (!stored.ok) throw new Error(`the object store answered HTTP ${stored.status}: ${await stored.text()}`)
  await stored.body?.cancel()
  await post(`/${sync.id}/complete`)
  return sync.id
}

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
    const follow = async (districtId: string, syncId: string): Promise<TimedSync> => {
      const until = performance.now() + patienceMs
      while (performance.now() < until) {
        const { rows } = await superuser.query<{ state: string; seconds: number }>(
          `select state, extract(epoch from ended_at - queued_at)::float8 as seconds from roster_syncs where district_id = $1 and id = $2 and ended_at is not null`,
          [districtId, syncId],
        )
        const [row] = rows
        if (row !== undefined) return { ...row, workflowId: `sync-roster:${syncId}:1` }
        await wait(200)
      }
      throw new Error('a sync did not end')
    }
    return {
      stack,
      temporal,
      addDistrict: async () => {
        const machine = await addBenchDistrict(stack)
        return { sync: async (path) => follow(machine.districtId, await send(apps.api.url, machine, path)) }
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

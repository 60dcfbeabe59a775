import { createServer } from 'node:net'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { v7 as newId } from 'uuid'
import { vi, expect } from 'vitest'
import type { Permission } from '../../db/entities/Grant.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller, type ApiAnswer } from '../support/callApi.ts'
import { requireTranslation } from '../support/requireTranslation.ts'
import { signIn } from '../support/signIn.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startTranslationGate, type TranslationGate } from '../support/startTranslationGate.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'

/** Somebody who is signed in. Whatever they are refused is kept, as they see it. */
export type Writer = {
  id: string
  token: string
  ask<Body = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Body>>
}

/** The processes of API and worker as production runs them, talkative, and people of one district. */
export type WrittenWorld = {
  world: AttachmentWorld
  apiUrl: string
  people: { teacher: Writer; student: Writer } & Record<'administer' | 'audit' | 'safety', Writer & { email: string }>
  /** Stands before the stack's translator: what it was sent, and what it is to answer instead. */
  translator: TranslationGate
  /** Every answer that was a refusal, and every header of any answer. */
  refusals: string[]
  /** What the student’s open client was sent. */
  streamed(): string
  readMetrics(): Promise<{ api: string; worker: string }>
  /** Ends both and answers what they wrote. */
  endWithLogs(): Promise<{ api: string; worker: string }>
  close(): Promise<void>
}

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const addStaff = async ({ database, adapters, channel }: AttachmentWorld, permission: Permission) => {
  const { districtId } = channel
  const [id, grantId] = [newId(), newId()]
  const email = `${permission}-${id}@example.org`
  const cipher = await adapters.districtKeys.forDistrict(districtId)
  await database.superuser.query(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name, email) values ($1, $2::uuid, $2::text, 'staff', 'Given', 'Family', $3)`,
    [districtId, id, cipher.sealText({ table: 'users', rowId: id, column: 'email' }, email)],
  )
  await database.superuser.query(
    `insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values ($1, $2::text, $2::uuid, 'school', 'staff')`,
    [districtId, id],
  )
  await database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, $4, $3, now() - interval '1 day')`,
    [districtId, grantId, id, permission],
  )
  return { id, email }
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

/** Everything that a stream of events says, ids and comments too, and again when it is cut. */
const openStream = (apiUrl: string, token: string) => {
  const closing = new AbortController()
  let text = ''
  const follow = async (): Promise<void> => {
    const headers = { Authorization: `Bearer ${token}` }
    const answer = await fetch(`${apiUrl}/v1/events`, { headers, signal: closing.signal })
    text += JSON.stringify([...answer.headers])
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
  }
  const following = follow().catch(() => undefined)
  return { text: () => text, close: () => (closing.abort(), following) }
}

export const openWrittenWorld = async (): Promise<WrittenWorld> => {
  const translator = await startTranslationGate(requireTranslation())
  const world = await createAttachmentWorld({}, { hasOwnNamespace: true })
  const { districtId, teacherId, studentId } = world.channel
  await world.database.superuser.query('update districts set quiet_from = 0, quiet_until = 0')
  const metricsPort = await findFreePort()
  const api: ApiProcess = startApiProcess(world, { LOG_LEVEL: 'debug', API_METRICS_PORT: String(metricsPort) })
  const pace = { NOTIFY_AFTER_SECONDS: '1', NOTIFY_AGAIN_AFTER_SECONDS: '1' }
  const translation = { TRANSLATE_ENDPOINT: translator.endpoint }
  const worker: WorkerProcess = startWorkerProcess({
    ...world.environment,
    ...pace,
    ...translation,
    WORKER_HEALTH_PORT: '0',
    LOG_LEVEL: 'debug',
  })
  const apiUrl = await api.url
  const health = await worker.health
  await vi.waitFor(async () => expect((await fetch(`${health}/readyz`)).status).toBe(200), { timeout: 90_000, interval: 100 })

  const refusals: string[] = []
  const toWriter = async (id: string): Promise<Writer> => {
    const { token } = await signIn(world.adapters.app, districtId, id)
    const call = createCaller(apiUrl, token)
    return {
      id,
      token,
      ask: async <Body>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
        const answer = await call<Body>(method, path, body, headers)
        refusals.push(JSON.stringify([...answer.headers]), ...(answer.status < 400 ? [] : [JSON.stringify(answer.body)]))
        return answer
      },
    }
  }
  const toStaff = async (permission: Permission) => {
    const { id, email } = await addStaff(world, permission)
    return { ...(await toWriter(id)), email }
  }
  const people = {
    teacher: await toWriter(teacherId),
    student: await toWriter(studentId),
    administer: await toStaff('administer'),
    audit: await toStaff('audit'),
    safety: await toStaff('safety'),
  }
  const stream = openStream(apiUrl, people.student.token)
  await vi.waitFor(() => expect(stream.text()).toContain('event: ready'), { timeout: 30_000, interval: 50 })
  return {
    world,
    apiUrl,
    people,
    translator,
    refusals,
    streamed: stream.text,
    readMetrics: async () => ({ api: await textOf(`http://127.0.0.1:${metricsPort}/metrics`), worker: await textOf(`${health}/metrics`) }),
    endWithLogs: async () => {
      await stream.close()
      // What it writes on its way out is searched too.
      await Promise.race([Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]), wait(20_000)])
      await Promise.all([api.kill('SIGKILL'), worker.kill('SIGKILL')])
      return { api: await api.log, worker: await worker.log }
    },
    close: async () => {
      await stream.close()
      for (const { child } of [api, worker]) child.kill('SIGKILL')
      await translator.stop()
      await world.close()
    },
  }
}

import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { z } from 'zod'
import { createClient, type ApiClient } from '../../api/client.ts'
import { acceptTerms } from '../../demo/district/acceptTerms.ts'
import { openMachine } from '../../deploy/roster/openMachine.ts'
import { toPlace, type Place } from '../../demo/district/place.ts'
import { sendZip, type Sender } from '../../demo/district/sendZip.ts'
import { signIn } from '../../demo/district/signIn.ts'
import { startApps } from '../../stack/startApps.ts'
import { startStack } from '../../stack/startStack.ts'
import { addBenchDistrict } from '../addBenchDistrict.ts'
import { makeBenchPdf } from '../attachments/makeFiles.ts'
import { liftQuotas } from '../liftQuotas.ts'
import { uploadFile } from '../uploadFile.ts'
import { makeRevocationFeed, pair } from './makeRevocationFeed.ts'
import { now } from './now.ts'
import { findEventsId } from './showsMissed.ts'
import type { Missed, Reader, SignedIn } from './waysOfReading.ts'

/** When the change was taken in, and when it was known to be done. */
export type Taken = { acceptedAt: number; doneAt: number }

export type RevocationWorld = {
  reader: Reader
  longAttachmentId: string
  /** Brings the pair together or apart, by one event, or by a whole feed. */
  byEvent: (isConnected: boolean) => Promise<Taken>
  bySync: (isConnected: boolean) => Promise<Taken>
  /** Resolves with the moment at which the next version of the roster was seen, soon after its commit. */
  watchVersion(): Promise<{ seen: Promise<number> }>
  /** What streams missed is told one by one up to a bound, so it may not be long ago. The pair has to be together. */
  sayAgain(): Promise<void>
  close(): Promise<void>
}

const folder = fileURLToPath(new URL('../../.stack/bench', import.meta.url))
const environment = { SYNTHETIC_INTERVAL_SECONDS: '86400', LOG_LEVEL: 'warn' }
const patienceMs = 300_000

type Sent = { attachmentId: string; messageId: string }

const post = async (client: ApiClient, channelId: string, attachmentIds: string[]): Promise<string> => {
  const sent = await client.v1.channels[':id'].messages.$post({ param: { id: channelId }, json: { text: 'bench', attachmentIds } })
  if (sent.status !== 201) throw new Error(`a message was answered with HTTP ${sent.status}`)
  return (await sent.json()).id
}

/** A message with a clean file, as the other one sees it. */
const sendClean = async (client: ApiClient, channelId: string, bytes: number): Promise<Sent> => {
  const id = await uploadFile(client, channelId, makeBenchPdf(bytes))
  const completed = await client.v1.attachments[':id'].complete.$post({ param: { id } })
  if (completed.status !== 202) throw new Error(`a completion was answered with HTTP ${completed.status}`)
  const until = now() + patienceMs
  for (;;) {
    const answer = await client.v1.attachments[':id'].$get({ param: { id } })
    if (answer.status !== 200) throw new Error(`an attachment was answered with HTTP ${answer.status}`)
    const view = await answer.json()
    if (view.state === 'clean') break
    if (now() > until) throw new Error(`a harmless file is still ${view.state}`)
    await wait(100)
  }
  return { attachmentId: id, messageId: await post(client, channelId, [id]) }
}

const openPerson = async (place: Place, districtId: string, sourcedId: string): Promise<SignedIn> => {
  const token = (await signIn(place, districtId, sourcedId)) ?? ''
  const client = createClient(place.apiUrl, token)
  await acceptTerms(client)
  return { client, token }
}

/** To everybody of the section that connects the pair. */
const announce = async (client: ApiClient, sectionId: string): Promise<string> => {
  const said = await client.v1.sections[':id'].announcements.$post({
    param: { id: sectionId },
    json: { text: 'bench', recipients: 'both' },
  })
  if (said.status !== 201) throw new Error(`an announcement was answered with HTTP ${said.status}`)
  return (await said.json()).id
}

/** Says something to the student and to the section, and from when on an event stream of the student's tells of it. */
const sayAgain = async ({ client, student, apiUrl, channelId, sectionId }: Omit<Reader, 'missed'>): Promise<Missed> => ({
  sinceId: await findEventsId({ apiUrl, token: student.token }),
  announcementId: await announce(client, sectionId),
  messageId: await post(client, channelId, []),
})

const openReader = async (place: Place, districtId: string, { studentId, sectionId }: Ids): Promise<Reader> => {
  const teacher = await openPerson(place, districtId, pair.teacher)
  const student = await openPerson(place, districtId, pair.student)
  const along = await openPerson(place, districtId, pair.along)
  const { apiUrl } = place
  const answer = await teacher.client.v1.channels.$post({ json: { studentId }, header: {} })
  if (answer.status !== 201) throw new Error(`a conversation was answered with HTTP ${answer.status}`)
  const { id: channelId } = await answer.json()
  const announcementId = await announce(teacher.client, sectionId)
  const sent = await sendClean(teacher.client, channelId, 100_000)
  const reader = { ...teacher, student, along, apiUrl, channelId, sectionId, announcementId, partnerId: studentId, ...sent }
  return { ...reader, missed: await sayAgain(reader) }
}

type Ids = { studentId: string; sectionId: string }

/** Ours, of the pair; and lets the section's other teacher read along. */
const prepare = async (superuser: pg.Client, districtId: string): Promise<Ids> => {
  await superuser.query(
    `insert into feature_switches (district_id, id, feature, switched_on_at) values ($1, $2, 'co-teachers-read-along', now())`,
    [districtId, randomUUID()],
  )
  const { rows } = await superuser.query<Ids>(
    `select u.id as "studentId", s.id as "sectionId" from users u join sections s on s.district_id = u.district_id
     where u.district_id = $1 and u.sourced_id = $2 and s.sourced_id = $3`,
    [districtId, pair.student, pair.section],
  )
  const [row] = rows
  if (row === undefined) throw new Error('the pair did not come in')
  return row
}

const createChanges = async (place: Place, { districtId, machine }: Sender, enrollments: number) => {
  const feeds = [
    await makeRevocationFeed({ enrollments, isConnected: false }),
    await makeRevocationFeed({ enrollments, isConnected: true }),
  ]
  return {
    bySync: async (isConnected: boolean): Promise<Taken> => {
      const { state, queuedAt } = await sendZip(place, { districtId, machine }, feeds[isConnected ? 1 : 0] ?? Buffer.alloc(0))
      if (state !== 'applied' || queuedAt === null) throw new Error(`a sync ended as ${state}`)
      return { acceptedAt: Date.parse(queuedAt), doneAt: now() }
    },
    byEvent: async (isConnected: boolean): Promise<Taken> => {
      const sourcedId = pair.seat
      const record = {
        sourcedId,
        class: { sourcedId: pair.section },
        user: { sourcedId: pair.student },
        school: { sourcedId: 'school' },
        role: 'student',
      }
      const acceptedAt = now()
      const event = {
        id: randomUUID(),
        action: isConnected ? 'created' : 'deleted',
        type: 'enrollments',
        occurredAt: new Date().toISOString(),
        data: isConnected ? record : { sourcedId },
      }
      const answered = z.object({ outcome: z.string() })
      const { outcome } = await machine.call('POST', `/v1/districts/${districtId}/roster-events`, answered, event)
      if (outcome !== 'applied') throw new Error(`an event was ${outcome}`)
      return { acceptedAt, doneAt: now() }
    },
  }
}

const createVersionWatch = (superuser: pg.Client, districtId: string): RevocationWorld['watchVersion'] => {
  const find = async (): Promise<number> => {
    const { rows } = await superuser.query<{ version: string }>(`select roster_version as version from districts where id = $1`, [
      districtId,
    ])
    return Number(rows[0]?.version)
  }
  const follow = async (before: number): Promise<number> => {
    while ((await find()) === before) await wait(2)
    return now()
  }
  return async () => ({ seen: follow(await find()) })
}

/** Starts servers, API and worker of its own, empty, with a teacher who writes with one student, and reads. */
export const openRevocationWorld = async (size: { enrollments: number; longFileBytes: number }): Promise<RevocationWorld> => {
  const stack = await startStack({ folder, log: 'silent', isFresh: true })
  const superuser = new pg.Client({ connectionString: stack.postgres.urls.superuser })
  try {
    const apps = await startApps(stack, { log: 'silent', environment })
    await superuser.connect()
    const place = toPlace(stack, apps)
    const { districtId, ...credentials } = await addBenchDistrict(stack)
    await liftQuotas(stack, districtId)
    const sender = { districtId, machine: await openMachine({ apiUrl: place.apiUrl, ...credentials }) }
    const changes = await createChanges(place, sender, size.enrollments)
    await changes.bySync(true)
    await superuser.query('vacuum analyze')
    const reader = await openReader(place, districtId, await prepare(superuser, districtId))
    const long = await sendClean(reader.client, reader.channelId, size.longFileBytes)
    return {
      ...changes,
      reader,
      longAttachmentId: long.attachmentId,
      watchVersion: createVersionWatch(superuser, districtId),
      sayAgain: async () => {
        reader.missed = await sayAgain(reader)
      },
      close: async () => {
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

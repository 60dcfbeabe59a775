import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createClient, type ApiClient } from '../../api/client.ts'
import { acceptTerms } from '../../demo/district/acceptTerms.ts'
import { toPlace } from '../../demo/district/place.ts'
import { sendZip } from '../../demo/district/sendZip.ts'
import { signIn } from '../../demo/district/signIn.ts'
import { openMachine } from '../../deploy/roster/openMachine.ts'
import { startApps } from '../../stack/startApps.ts'
import { startStack, type Stack } from '../../stack/startStack.ts'
import { addBenchDistrict } from '../addBenchDistrict.ts'
import { makeMessagingFeed, names, studentOf } from './makeMessagingFeed.ts'
import type { MessagingSize } from './messagingSize.ts'

/** A teacher who is signed in, and whom she may write to. */
export type MessagingWorld = {
  stack: Stack
  apiUrl: string
  districtId: string
  teacherId: string
  client: ApiClient
  token: string
  /** Her channels with the students of the small section. */
  channelIds: string[]
  sections: { small: string; large: string }
  superuser: pg.Client
  close(): Promise<void>
}

const folder = fileURLToPath(new URL('../../.stack/bench', import.meta.url))
const environment = { SYNTHETIC_INTERVAL_SECONDS: '86400', LOG_LEVEL: 'warn' }

const findId = async (superuser: pg.Client, table: 'users' | 'sections', districtId: string, sourcedId: string): Promise<string> => {
  const { rows } = await superuser.query<{ id: string }>(`select id from ${table} where district_id = $1 and sourced_id = $2`, [
    districtId,
    sourcedId,
  ])
  const [row] = rows
  if (row === undefined) throw new Error(`the feed’s ${sourcedId} did not come in`)
  return row.id
}

/** Starts servers, API and worker of its own, empty, with a teacher of two sections. */
export const openMessagingWorld = async (size: Pick<MessagingSize, 'small' | 'large'>): Promise<MessagingWorld> => {
  const stack = await startStack({ folder, log: 'silent', isFresh: true })
  const superuser = new pg.Client({ connectionString: stack.postgres.urls.superuser })
  try {
    const apps = await startApps(stack, { log: 'silent', environment })
    await superuser.connect()
    const place = toPlace(stack, apps)
    const { districtId, ...credentials } = await addBenchDistrict(stack)
    const machine = await openMachine({ apiUrl: place.apiUrl, ...credentials })
    const { state } = await sendZip(place, { districtId, machine }, await makeMessagingFeed(size))
    if (state !== 'applied') throw new Error(`the feed ended as ${state}`)
    await superuser.query('vacuum analyze')
    const token = (await signIn(place, districtId, names.teacher)) ?? ''
    const client = createClient(place.apiUrl, token)
    await acceptTerms(client)
    const channelIds: string[] = []
    for (let n = 0; n < size.small; n += 1) {
      const studentId = await findId(superuser, 'users', districtId, studentOf(names.small, n))
      const answer = await client.v1.channels.$post({ json: { studentId }, header: {} })
      if (answer.status !== 201) throw new Error(`a conversation was answered with HTTP ${answer.status}`)
      channelIds.push((await answer.json()).id)
    }
    return {
      stack,
      apiUrl: place.apiUrl,
      districtId,
      teacherId: await findId(superuser, 'users', districtId, names.teacher),
      client,
      token,
      channelIds,
      sections: {
        small: await findId(superuser, 'sections', districtId, names.small),
        large: await findId(superuser, 'sections', districtId, names.large),
      },
      superuser,
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

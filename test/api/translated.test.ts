import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { TranslationView } from '../../api/schemas/translationSchema.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller, type ApiAnswer, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { requireTranslation } from '../support/requireTranslation.ts'
import { signIn } from '../support/signIn.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startTranslationGate, type TranslationGate } from '../support/startTranslationGate.ts'

/** The API's own process, the worker's queues and the stack's translator, as they stand together in production. */
let world: AttachmentWorld
let gate: TranslationGate
let api: ApiProcess
let [teacher, student]: Caller[] = []
let before = 0

const callerOf = async (userId: string): Promise<Caller> =>
  createCaller(await api.url, (await signIn(world.adapters.app, world.channel.districtId, userId)).token)

beforeAll(async () => {
  gate = await startTranslationGate(requireTranslation())
  world = await createAttachmentWorld({ translation: { region: 'us-east-1', endpoint: gate.endpoint, provider: 'Apertium' } })
  await world.startWorkers()
  api = startApiProcess(world)
  const { teacherId, studentId } = world.channel
  await world.database.superuser.query(`update users set given_name = 'Rose', family_name = 'Banks' where id = $1`, [studentId])
  teacher = await callerOf(teacherId)
  student = await callerOf(studentId)
  await student('PUT', '/v1/me/language', { language: 'es' })
}, 120_000)
afterAll(async () => {
  await api?.kill('SIGKILL')
  await world?.close()
  await gate?.stop()
})
beforeEach(() => void (before = gate.calls()))

/** Into which languages the translator was asked for something in this test. */
const asked = (): unknown[] =>
  gate
    .requests()
    .slice(before)
    .map(({ TargetLanguageCode }) => TargetLanguageCode)

const post = async (caller: Caller | undefined, text: string): Promise<string> => {
  const path = `/v1/channels/${world.channel.channelId}/messages`
  const { status, body } = await present(caller)<MessageView>('POST', path, { text: withCanary(text) })
  expect(status).toBe(201)
  return body.id
}

const listed = async (caller: Caller | undefined, id: string): Promise<MessageView> => {
  const page = await present(caller)<{ items: MessageView[] }>('GET', `/v1/channels/${world.channel.channelId}/messages?limit=100`)
  return present(page.body.items.find((one) => one.id === id))
}

const awaitListed = (caller: Caller | undefined, id: string): Promise<MessageView> =>
  vi.waitFor(
    async () => {
      const message = await listed(caller, id)
      expect(message.translation).not.toBeNull()
      return message
    },
    { timeout: 60_000, interval: 100 },
  )

test('a message is there in the language that its recipient prefers without anybody asking, with the original, and its answer comes back', async () => {
  const text = 'Good morning, on Thursday at 9:30 Rose will read her story to the class.'
  const message = await awaitListed(student, await post(teacher, text))
  expect(message).toMatchObject({
    text: withCanary(text),
    language: 'en',
    translation: { language: 'es', sourceLanguage: 'en', provider: 'Apertium', lost: [] },
  })
  expect(message.translation?.text).toMatch(/jueves.* 9:30 Rose leerá/)
  const reply = 'Muchas gracias. Vamos a la escuela el jueves a las 9:30 con la abuela de Rose.'
  const answer = await awaitListed(teacher, await post(student, reply))
  expect(answer).toMatchObject({ text: withCanary(reply), language: 'es', translation: { language: 'en', sourceLanguage: 'es', lost: [] } })
  expect(answer.translation?.text).toMatch(/grandmother of Rose/)
  expect(asked()).toEqual(['es', 'en'])
})

test('a hundred who ask for one message in one language at the same moment are answered by one call to the translator', async () => {
  const id = await post(teacher, 'Please bring two pencils and the blue book on Friday morning.')
  const ask = async (index: number): Promise<ApiAnswer<TranslationView & Problem>> => {
    const caller = present(index % 2 === 0 ? teacher : student)
    const answer = await caller<TranslationView & Problem>('POST', `/v1/messages/${id}/translations`, { language: 'ca' })
    // A machine that has too much to do says so, and is asked again.
    return answer.body.code === 'try-again' ? ask(index) : answer
  }
  const askAll = () => Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)))
  // Nothing is translated before all are on their way.
  const letGo = gate.hold()
  const asking = askAll()
  await vi.waitUntil(() => asked().includes('ca'), { timeout: 60_000, interval: 20 })
  letGo()
  for (const { status } of await asking) expect([200, 202]).toContain(status)
  await vi.waitFor(async () => expect((await ask(0)).status).toBe(200), { timeout: 60_000, interval: 100 })
  const answers = await askAll()
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.language} ${body.text}`)).size).toBe(1)
  expect(answers[0]).toMatchObject({ status: 200, body: { language: 'ca', sourceLanguage: 'en', provider: 'Apertium' } })
  expect(asked().filter((language) => language === 'ca')).toEqual(['ca'])
})

test('an announcement is translated once for each language of all whom it is for, and each of them reads it', async () => {
  const { districtId, studentId } = world.channel
  const { superuser } = world.database
  // More than are told in one step of the run that tells them.
  const { rows: guardians } = await superuser.query<{ id: string; language: string }>(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name, preferred_language)
     select $1, gen_random_uuid(), 'guardian-' || n, 'guardian', 'Given', 'Family', (array['es', 'ca'])[1 + n % 2] from generate_series(1, 210) n
     returning id, preferred_language as language`,
    [districtId],
  )
  await superuser.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, since_version)
     select $1, gen_random_uuid(), id, $2, 'guardian', 'permitted', 1 from users where district_id = $1 and role = 'guardian'`,
    [districtId, studentId],
  )
  const { rows } = await superuser.query<{ section_id: string }>('select section_id from enrollments where user_id = $1', [studentId])
  const said = { id: newId(), text: withCanary('On Friday at 14:15 we will read the book of Rose in the school.'), recipients: 'guardians' }
  const posted = await present(teacher)('POST', `/v1/sections/${rows[0]?.section_id}/announcements`, said)
  expect(posted.status).toBe(201)
  // Everybody is told before anybody reads, so nothing more can be asked for afterwards.
  await vi.waitFor(
    async () => {
      await relayOutbox({ ...world.adapters, ageSeconds: 0 })
      const { rows: noticed } = await superuser.query('select user_id from notices where subject_id = $1', [said.id])
      expect(noticed).toHaveLength(guardians.length)
    },
    { timeout: 90_000, interval: 200 },
  )
  for (const [language, words] of [
    ['es', /viernes.* 14:15 .*Rose/],
    ['ca', /divendres.* 14:15 .*Rose/],
  ] as const) {
    for (const { id } of guardians.filter((one) => one.language === language).slice(0, 3)) {
      const guardian = await callerOf(id)
      const { text, translation } = await vi.waitFor(
        async () => {
          await relayOutbox({ ...world.adapters, ageSeconds: 0 })
          const { body } = await guardian<AnnouncementView>('GET', `/v1/announcements/${said.id}`)
          expect(body.translation).not.toBeNull()
          return body
        },
        { timeout: 90_000, interval: 200 },
      )
      expect([text, translation?.language, translation?.lost]).toEqual([said.text, language, []])
      expect(translation?.text).toMatch(words)
    }
  }
  expect(new Set(asked())).toEqual(new Set(['ca', 'es']))
  expect(asked()).toHaveLength(2)
})

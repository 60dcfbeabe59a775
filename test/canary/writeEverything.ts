import { randomUUID } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { expect, inject, vi } from 'vitest'
import type { TranslationView } from '../../api/schemas/translationSchema.ts'
import { createApiFrontDoor } from '../../clients/apiFrontDoor.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { present } from '../support/present.ts'
import type { WrittenWorld } from './writtenWorld.ts'

/** What came of it, by which each sink is known to have been searched. */
export type Traces = {
  messageId: string
  announcementId: string
  reportId: string
  concernedId: string
  infectedId: string
  auditId: string
  /** Of a message, as its reader is shown it; the translator refused it first, in the words of the message. */
  translation: TranslationView
}

type Texts = { content: string; words: string; name: string }

const created = async <Body>(answer: Promise<{ status: number; body: Body }>, expected = 201): Promise<Body> => {
  const { status, body } = await answer
  if (status !== expected) throw new Error(`answered ${status} instead of ${expected}: ${JSON.stringify(body)}`)
  return body
}

type HasId = { id: string }

/** Through the front door, by a name that holds the token. */
const upload = async ({ people, apiUrl, world }: WrittenWorld, token: string, bytes: Buffer): Promise<string> => {
  const door = createApiFrontDoor({ apiUrl, storeEndpoint: inject('stack').s3.endpoint, timeoutMs: 60_000 })
  const file = { fileName: `${token}.txt`, contentType: 'text/plain', content: bytes }
  const sent = await door.send({ ...file, token: people.teacher.token, channelId: world.channel.channelId, idempotencyKey: randomUUID() })
  return sent.attachmentId
}

/** Posts what is asked about first, and then as it is. */
const postAnyway = async ({ people, world }: WrittenWorld, text: string): Promise<string> => {
  const path = `/v1/channels/${world.channel.channelId}/messages`
  const { nudge } = await created(people.teacher.ask<{ nudge: { token: string } }>('POST', path, { text }), 200)
  return (await created(people.teacher.ask<HasId>('POST', path, { text, nudgeToken: nudge.token }))).id
}

/** A reader in another language, and a translator that answers with what it was sent: refuses it, breaks down over it, is no translator at all. What it refuses for good waits for somebody to mend it. */
const writeTranslated = async ({ people, world, translator }: WrittenWorld, { content, name }: Texts): Promise<TranslationView> => {
  await created(people.student.ask('PUT', '/v1/me/language', { language: 'es' }), 204)
  await created(people.teacher.ask('PUT', '/v1/me/language', { language: 'en' }), 204)
  await world.database.superuser.query('update users set given_name = $2 where id = $1', [people.student.id, name])
  const channel = `/v1/channels/${world.channel.channelId}/messages`
  const text = `On Thursday ${name} brings the book to the school. ${content}`
  const post = async () => (await created(people.teacher.ask<HasId>('POST', channel, { text }))).id
  const answerWith = (type: string, status: number) => translator.failNext(1, { kind: 'error', type, status, message: text })
  answerWith('InvalidRequestException', 400)
  await post()
  await vi.waitUntil(() => translator.calls() > 0, { timeout: 60_000, interval: 50 })
  answerWith('ThrottlingException', 400)
  answerWith('InternalServerException', 500)
  translator.failNext(1, { kind: 'garbage', body: text })
  const id = await post()
  return vi.waitFor(
    async () => {
      const { body } = await people.student.ask<{ items: { id: string; translation: TranslationView | null }[] }>('GET', channel)
      return present(body.items.find((one) => one.id === id)?.translation ?? undefined)
    },
    { timeout: 60_000, interval: 200 },
  )
}

/** What people of the conversations write, send, hide, take back and report. */
const writeContent = async (its: WrittenWorld, { content, words }: Texts): Promise<Omit<Traces, 'auditId' | 'translation'>> => {
  const { people, world } = its
  const channel = `/v1/channels/${world.channel.channelId}/messages`
  const post = async (by: 'teacher' | 'student', text: string, attachmentIds: string[] = []) =>
    (await created(people[by].ask<HasId>('POST', channel, { text, attachmentIds }))).id
  const files = [await upload(its, content, Buffer.from(`harmless ${content}`)), await upload(its, content, makeEicar())]
  const messageId = await post('teacher', `read this ${content}`, files)
  await post('student', `an answer ${content}`)
  await postAnyway(its, `this is bullshit ${content}`)
  await postAnyway(its, `${words} is what the district is wary of ${content}`)
  const concernedId = await post('student', `i do not want to live anymore. ${content}`)
  const hidden = await post('student', `hidden ${content}`)
  await created(people.teacher.ask('POST', `/v1/messages/${hidden}/hide`), 200)
  const withdrawn = await post('teacher', `withdrawn ${content}`)
  await created(people.teacher.ask('POST', `/v1/messages/${withdrawn}/withdraw`), 200)
  const { items } = await created(people.teacher.ask<{ items: HasId[] }>('GET', '/v1/sections'), 200)
  const announce = { id: newId(), text: `hear this ${content}`, recipients: 'both' }
  const announcementId = (await created(people.teacher.ask<HasId>('POST', `/v1/sections/${items[0]?.id}/announcements`, announce))).id
  const reportId = (await created(people.student.ask<HasId>('POST', `/v1/messages/${messageId}/reports`, { category: 'threat' }))).id
  return { messageId, announcementId, reportId, concernedId, infectedId: files[1] ?? '' }
}

/** What the district’s staff writes: reasons, notes, names, terms. Kept in the clear, where it belongs, and nowhere else. */
const writeWords = async ({ people, world }: WrittenWorld, { words }: Texts, { reportId }: { reportId: string }): Promise<string> => {
  const district = `/v1/districts/${world.channel.districtId}`
  const { items } = await created(people.teacher.ask<{ items: HasId[] }>('GET', '/v1/sections'), 200)
  const { administer, audit, safety } = people
  await created(administer.ask('PUT', `${district}/features/translations`, { everywhere: true, schoolIds: [], reason: words }), 200)
  const appointed = { userId: audit.id, sectionId: items[0]?.id, ends: new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10) }
  await created(administer.ask('POST', `${district}/substitutes`, { ...appointed, reason: words }))
  await created(administer.ask('POST', `${district}/api-clients`, { name: words, scopes: ['roster.read'] }))
  const { id: auditId } = await created(audit.ask<HasId>('POST', `${district}/audits`, { reason: words }))
  await created(audit.ask('GET', `${district}/audits/${auditId}/channels?hasHidden=true`), 200)
  await created(audit.ask('GET', `${district}/audits/${auditId}/channels/${world.channel.channelId}/messages`), 200)
  await created(safety.ask('GET', `${district}/reports/${reportId}`), 200)
  await created(safety.ask('POST', `${district}/reports/${reportId}/decisions`, { decision: 'resolve', note: words }), 200)
  const text = `# Terms\n\n## User contributions\n\nWhat you write stays yours. ${words}\n`
  await created(administer.ask('POST', `${district}/terms-of-use`, { text, replaces: 0 }))
  return auditId
}

/** The same words where the API takes none: in fields of another shape, in addresses and in headers. Each is refused, or taken for what says nothing. */
const writeInWrongPlaces = async ({ people, world, apiUrl }: WrittenWorld, token: string): Promise<void> => {
  const { teacher } = people
  const channel = `/v1/channels/${world.channel.channelId}`
  const bodies = [
    { text: `${token} `.repeat(1_000) },
    { text: `${token}\u0000` },
    { text: 'hello', id: token },
    { text: 'hello', attachmentIds: [token] },
    { text: 'hello', nudgeToken: { token } },
    { text: [token] },
    `{"text": "${token}`,
    `"${token}"`,
  ]
  for (const body of bodies) expect((await teacher.ask('POST', `${channel}/messages`, body)).status).toBeGreaterThanOrEqual(400)
  const file = { fileName: `${token}/\u0001`, contentType: token, bytes: 5 }
  expect((await teacher.ask('POST', `${channel}/attachments`, file)).status).toBeGreaterThanOrEqual(400)
  for (const path of [
    `/v1/channels/${token}`,
    `/v1/messages/${token}/hide`,
    `/v1/${token}`,
    `/${token}`,
    `${channel}/messages?before=${token}`,
    `/v1/notices?cursor=${token}`,
  ])
    expect((await teacher.ask('GET', path)).status).toBeGreaterThanOrEqual(400)
  const headers = {
    'Content-Type': `text/${token}`,
    'Accept-Language': token,
    Cookie: `a=${token}`,
    'User-Agent': token,
    'Idempotency-Key': token,
    Origin: `https://${token}.example`,
    'X-Request-Id': token,
    traceparent: token,
    tracestate: `a=${token}`,
  }
  await teacher.ask('POST', `${channel}/messages`, { text: 'hello' }, headers)
  const stream = { headers: { Authorization: `Bearer ${teacher.token}`, 'Last-Event-ID': token }, signal: AbortSignal.timeout(500) }
  const answer = await fetch(`${apiUrl}/v1/events`, stream)
  expect(await answer.text().catch(() => 'cut')).toBe('cut')
  expect((await fetch(`${apiUrl}/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(401)
}

/** Writes into everything that takes words: `content` is what people write to each other, `words` what the district’s staff writes, `name` somebody of whom is written. */
export const writeEverything = async (its: WrittenWorld, texts: Texts): Promise<Traces> => {
  const { database, channel } = its.world
  await database.superuser.query(`insert into district_words (district_id, language, term, kind) values ($1, 'en', $2, 'nudge')`, [
    channel.districtId,
    texts.words,
  ])
  const translation = await writeTranslated(its, texts)
  const traces = await writeContent(its, texts)
  for (const token of [texts.content, texts.words]) await writeInWrongPlaces(its, token)
  return { ...traces, translation, auditId: await writeWords(its, texts, traces) }
}

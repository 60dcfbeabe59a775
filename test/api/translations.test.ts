import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNoticeRecipients } from '../../activities/notices/noticeRecipients.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import { createCaller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { signIn } from '../support/signIn.ts'
import { openTranslationRoom, type TranslationRoom } from '../support/translationRoom.ts'

let room: TranslationRoom
beforeAll(async () => {
  room = await openTranslationRoom()
  room.api.deps.pace.translationWaitMs = 0
})
afterAll(() => room?.close())

const translated = { language: 'es-MX', sourceLanguage: 'en', text: withCanary('traducido'), provider: 'a translator', lost: ['name'] }

describe('a translation of a message', () => {
  test('is shown beside the original to whoever prefers its language, and to nobody else', async () => {
    const id = await room.post()
    await room.plant({ message: id })
    expect(await room.listed(room.student, id)).toMatchObject({
      language: 'en',
      text: withCanary('Good morning, the excursion begins tomorrow at nine'),
      translation: translated,
    })
    expect(await room.listed(room.teacher, id)).toMatchObject({ language: 'en', translation: null })
    expect((await room.ask(room.teacher, id)).body).toMatchObject(translated)
    expect((await room.ask(room.stranger, id)).status).toBe(404)
  })

  test('is gone with it: hidden, withdrawn, and for whom the roster connects no more', async () => {
    const [hidden, withdrawn, shown] = [await room.post(), await room.post(), await room.post()]
    for (const message of [hidden, withdrawn, shown]) await room.plant({ message })
    await room.teacher('POST', `/v1/messages/${hidden}/hide`)
    await room.teacher('POST', `/v1/messages/${withdrawn}/withdraw`)
    for (const id of [hidden, withdrawn]) {
      expect((await room.ask(room.student, id)).status).toBe(404)
      expect(await room.listed(room.student, id)).toBeUndefined()
    }
    expect((await room.ask(room.teacher, hidden)).body).toMatchObject(translated)
    expect((await room.ask(room.teacher, withdrawn)).status).toBe(404)
    expect(await room.listed(room.teacher, withdrawn)).toMatchObject({ text: null, translation: null })
    await endEnrollment(room.database, room.district.learningId)
    expect((await room.ask(room.student, shown)).status).toBe(404)
    await resumeEnrollment(room.database, room.district.learningId)
    expect((await room.ask(room.student, shown)).body).toMatchObject(translated)
  })

  test('is not there where the school has none: nothing is shown, asked for or sent', async () => {
    const before = await room.post()
    await room.plant({ message: before })
    await room.switchOff('translations')
    const id = await room.post()
    expect(await room.translationsOf(id)).toEqual([])
    expect(await room.listed(room.student, before)).toMatchObject({ translation: null })
    for (const message of [before, id]) expect((await room.ask(room.student, message)).status).toBe(404)
    await room.switchOn('translations')
    expect(await room.listed(room.student, before)).toMatchObject({ translation: translated })
  })

  test('is asked for once as it is posted, and once for each language however many ask', async () => {
    const id = await room.post()
    expect(await room.translationsOf(id)).toEqual(['es-MX pending'])
    const answers = await Promise.all(Array.from({ length: 8 }, () => room.ask(room.student, id, 'fr')))
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array.from({ length: 8 }, () => [202, 'pending']))
    expect(await room.translationsOf(id)).toEqual(['es-MX pending', 'fr pending'])
    const { rows } = await room.database.superuser.query(`select workflow_id from outbox where workflow_id like '%' || $1 || ':fr:%'`, [id])
    expect(rows).toHaveLength(1)
    // What the student answers in the teacher's language needs none; what they answer in their own does.
    expect(await room.translationsOf(await room.post('Thank you very much, we will be there on time', room.student))).toEqual([])
    const spanish = await room.post('Muchas gracias por avisarnos, mañana llegaremos a tiempo a la escuela', room.student)
    expect(await room.translationsOf(spanish)).toEqual(['en pending'])
  })

  test('into another kind of the language in which it is written is none, and nothing is asked of the translator', async () => {
    const id = await room.post('Buenos días, la excursión empieza mañana a las nueve en la escuela')
    const { body } = await room.student<MessageView>('GET', `/v1/channels/${room.channelId}/messages?limit=1`)
    expect(body).toMatchObject({ items: [{ id, language: 'es' }] })
    for (const language of ['es', 'es-MX', 'es-US'])
      expect(await room.ask(room.student, id, language)).toMatchObject({ status: 409, body: { code: 'translation-impossible' } })
    expect(await room.translationsOf(id)).toEqual([])
  })

  test('is not there, in whichever language, where the school has no translations', async () => {
    const id = await room.post()
    await room.switchOff('translations')
    for (const language of ['en', 'en-GB', 'es', 'fr']) expect((await room.ask(room.student, id, language)).status).toBe(404)
    await room.switchOn('translations')
  })

  test('that is not to be says why in words and a code; a language that there is not is refused', async () => {
    const id = await room.post()
    expect(await room.ask(room.student, id, 'en-GB')).toMatchObject({ status: 409, body: { code: 'translation-impossible' } })
    expect(await room.ask(room.student, id, 'tlh')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/language' }] } })
    const ends = {
      'unsupported-pair': [409, 'translation-impossible'],
      'too-long': [409, 'translation-impossible'],
      'budget-exhausted': [409, 'translation-budget-exhausted'],
      unavailable: [503, 'translation-unavailable'],
      'not-configured': [503, 'translation-unavailable'],
    } as const
    for (const [reason, [status, code]] of Object.entries(ends)) {
      await room.fail(id, reason)
      expect(await room.ask(room.student, id)).toMatchObject({ status, body: { code } })
    }
    await room.fail(id, 'not-shown', 'cancelled')
    expect((await room.ask(room.student, id)).status).toBe(202)
  })
})

describe('a translation of an announcement', () => {
  test('is asked for once for each language of those whom it is for, shown to them, and gone with it', async () => {
    const { app, districtKeys } = room.api.deps
    const noticeRecipients = createNoticeRecipients({
      app,
      districtKeys,
      maintenanceQueue: 'maintenance',
      translationsQueue: 'translations',
    })
    const ref = { districtId: room.district.districtId, announcementId: await room.announce() }
    for (let time = 0; time < 2; time += 1) await noticeRecipients(ref)
    expect(await room.translationsOf(ref.announcementId)).toEqual(['es-MX pending'])
    await room.plant({ announcement: ref.announcementId })
    const path = `/v1/announcements/${ref.announcementId}`
    expect((await room.student<AnnouncementView>('GET', path)).body).toMatchObject({ language: 'en', translation: translated })
    expect((await room.teacher<AnnouncementView>('GET', path)).body.translation).toBeNull()
    expect((await room.ask(room.teacher, ref.announcementId, 'es-MX', 'announcements')).body).toMatchObject(translated)
    await room.switchOff('translations')
    expect((await room.student<AnnouncementView>('GET', path)).body.translation).toBeNull()
    expect((await room.ask(room.student, ref.announcementId, 'es-MX', 'announcements')).status).toBe(404)
    await room.switchOn('translations')
    await room.teacher('POST', `${path}/withdraw`)
    expect((await room.ask(room.student, ref.announcementId, 'es-MX', 'announcements')).status).toBe(404)
    expect((await room.teacher<AnnouncementView>('GET', path)).body).toMatchObject({ text: null, translation: null })
  })
})

const signInGuardian = async () =>
  createCaller(room.api.url, (await signIn(room.api.deps.app, room.district.districtId, room.district.guardianId)).token)

describe('a guardian', () => {
  test('refuses translations for their child: nothing is sent, what was translated is shown no more, and it can be taken back', async () => {
    const guardian = await signInGuardian()
    const before = await room.post()
    await room.plant({ message: before })
    for (let time = 0; time < 2; time += 1) expect((await guardian('PUT', room.refusalOf())).status).toBe(204)
    const children = async () => (await guardian<{ items: object[] }>('GET', '/v1/me/children/translations')).body.items
    expect(await children()).toMatchObject([{ student: { id: room.district.studentId }, isRefusedByMe: true, isRefusedByOthers: false }])
    expect(await room.listed(room.student, before)).toMatchObject({ translation: null })
    expect(await room.ask(room.student, before)).toMatchObject({ status: 409, body: { code: 'translation-refused' } })
    expect(await room.translationsOf(await room.post())).toEqual([])
    for (let time = 0; time < 2; time += 1) expect((await guardian('DELETE', room.refusalOf())).status).toBe(204)
    expect(await room.listed(room.student, before)).toMatchObject({ translation: translated })
    const { rows } = await room.database.superuser.query(
      `select action, actor, target from audit_entries where action like 'translations.%' order by id`,
    )
    const act = { actor: room.district.guardianId, target: room.district.studentId }
    expect(rows).toEqual(['translations.refuse', 'translations.allow'].map((action) => ({ action, ...act })))
  })

  test('does so for nobody else’s child, and nobody else for theirs; what one refused who is no guardian any more another takes back', async () => {
    const guardian = await signInGuardian()
    expect((await guardian('PUT', room.refusalOf(room.district.strangerId))).status).toBe(404)
    for (const caller of [room.teacher, room.student, room.stranger]) {
      expect((await caller('PUT', room.refusalOf())).status).toBe(404)
      expect((await caller('DELETE', room.refusalOf())).status).toBe(404)
    }
    const { districtId, studentId, strangerId } = room.district
    await room.database.superuser.query('insert into translation_refusals values ($1, $2, $3)', [districtId, studentId, strangerId])
    expect((await room.ask(room.student, await room.post())).body.code).toBe('translation-refused')
    await guardian('DELETE', room.refusalOf())
    expect((await room.ask(room.student, await room.post())).status).toBe(202)
  })
})

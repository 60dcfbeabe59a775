import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { AuditedMessageView } from '../../api/schemas/auditSchema.ts'
import type { ReportDetailView } from '../../api/schemas/reportSchema.ts'
import type { Permission } from '../../db/entities/Grant.ts'
import { createCaller, withoutRequestId, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { addStaff } from '../support/circles.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { signIn } from '../support/signIn.ts'
import { openTranslationRoom, type TranslationRoom } from '../support/translationRoom.ts'

let room: TranslationRoom
let [auditor, safety, administrator]: Caller[] = []
beforeAll(async () => {
  room = await openTranslationRoom()
  room.api.deps.pace.translationWaitMs = 0
  auditor = await signInStaff('audit')
  safety = await signInStaff('safety')
  administrator = await signInStaff('administer')
})
afterAll(() => room?.close())

const signInStaff = async (permission: Permission): Promise<Caller> => {
  const { districtId } = room.district
  const id = await addStaff(room.database, districtId, permission)
  return createCaller(room.api.url, (await signIn(room.api.deps.app, districtId, id)).token)
}
const ask = <Body>(caller: Caller | undefined, path: string, method = 'GET', body?: object) => {
  if (caller === undefined) throw new Error('nobody is signed in')
  return caller<Body>(method, `/v1/districts/${room.district.districtId}${path}`, body)
}

const written = withCanary('Good morning, the excursion begins tomorrow at nine')
const inSpanish = { language: 'es-MX', sourceLanguage: 'en', text: withCanary('traducido'), provider: 'a translator', lost: ['name'] }
const inFrench = { ...inSpanish, language: 'fr' }

/** In two languages, and asked for in a third. */
const plantAll = async (text: { message: string } | { announcement: string }): Promise<void> => {
  for (const language of ['es-MX', 'fr']) await room.plant(text, language)
  const [id, kind] = 'message' in text ? [text.message, 'messages' as const] : [text.announcement, 'announcements' as const]
  expect((await room.ask(room.student, id, 'de', kind)).status).toBe(202)
}

/** In languages that there are, that are being made and that nobody asked for alike: as of an announcement that does not exist. */
const expectAbsent = async (caller: Caller, announcementId: string): Promise<void> => {
  const absent = await room.ask(caller, newId(), 'fr', 'announcements')
  expect(absent.status).toBe(404)
  for (const language of ['es-MX', 'fr', 'de', 'it'])
    expect(withoutRequestId((await room.ask(caller, announcementId, language, 'announcements')).body)).toBe(withoutRequestId(absent.body))
}

const openAudit = async (): Promise<string> =>
  (await ask<{ id: string }>(auditor, '/audits', 'POST', { reason: 'A parent asked for it' })).body.id
const auditMessage = async (auditId: string, id: string): Promise<AuditedMessageView | undefined> => {
  const path = `/audits/${auditId}/channels/${room.channelId}/messages?limit=100`
  return (await ask<{ items: AuditedMessageView[] }>(auditor, path)).body.items.find((one) => one.id === id)
}
const looksOf = async (auditId: string): Promise<object[]> =>
  (await ask<{ items: object[] }>(administrator, `/audits/${auditId}/views`)).body.items

describe('an audit', () => {
  test('shows a message as it was written, with each translation that there is, and is a row that the district sees', async () => {
    const [message, hidden, withdrawn] = [await room.post(), await room.post(), await room.post()]
    for (const one of [message, hidden, withdrawn]) await plantAll({ message: one })
    await room.teacher('POST', `/v1/messages/${hidden}/hide`)
    await room.teacher('POST', `/v1/messages/${withdrawn}/withdraw`)
    const auditId = await openAudit()
    for (const id of [message, hidden, withdrawn])
      expect(await auditMessage(auditId, id)).toMatchObject({ language: 'en', text: written, translations: [inSpanish, inFrench] })
    expect(await looksOf(auditId)).toMatchObject(Array.from({ length: 3 }, () => ({ act: 'read', channelId: room.channelId })))
  })

  test('shows them of a conversation that the roster has ended, of a child for whom they are refused, and where they are switched off: they were read once', async () => {
    const message = await room.post()
    await plantAll({ message })
    const auditId = await openAudit()
    const shown = { text: written, translations: [inSpanish, inFrench] }
    await endEnrollment(room.database, room.district.learningId)
    expect(await auditMessage(auditId, message)).toMatchObject(shown)
    await resumeEnrollment(room.database, room.district.learningId)
    const { districtId, studentId, guardianId } = room.district
    await room.database.superuser.query('insert into translation_refusals values ($1, $2, $3)', [districtId, studentId, guardianId])
    expect(await auditMessage(auditId, message)).toMatchObject(shown)
    await room.database.superuser.query('delete from translation_refusals')
    await room.switchOff('translations')
    expect(await auditMessage(auditId, message)).toMatchObject(shown)
    await room.switchOn('translations')
  })

  test('shows an announcement likewise, hidden and withdrawn too, which its people read no more in any language', async () => {
    const announcement = await room.announce()
    await plantAll({ announcement })
    const path = `/v1/announcements/${announcement}`
    const auditId = await openAudit()
    const audited = async () => (await ask(auditor, `/audits/${auditId}/announcements/${announcement}`)).body
    const shown = { language: 'en', text: written, translations: [inSpanish, inFrench] }
    expect(await audited()).toMatchObject(shown)

    await room.teacher('POST', `${path}/hide`)
    expect((await room.student('GET', path)).status).toBe(404)
    await expectAbsent(room.student, announcement)
    expect((await room.ask(room.teacher, announcement, 'fr', 'announcements')).body).toMatchObject(inFrench)
    expect(await audited()).toMatchObject({ ...shown, hiddenAt: expect.any(String) })

    await room.teacher('POST', `${path}/unhide`)
    expect((await room.student<AnnouncementView>('GET', path)).body.translation).toMatchObject(inSpanish)
    await room.teacher('POST', `${path}/withdraw`)
    for (const caller of [room.teacher, room.student]) await expectAbsent(caller, announcement)
    expect(await audited()).toMatchObject({ ...shown, withdrawnAt: expect.any(String) })
    expect(await looksOf(auditId)).toMatchObject(Array.from({ length: 3 }, () => ({ act: 'read' })))
  })

  test('says to nobody else what there is: not to another auditor, after its hours, or to those who administer', async () => {
    const announcement = await room.announce()
    await plantAll({ announcement })
    const auditId = await openAudit()
    const paths = [`/audits/${auditId}/announcements/${announcement}`, `/audits/${auditId}/channels/${room.channelId}/messages`]
    const other = await signInStaff('audit')
    for (const path of paths) {
      expect((await ask(other, path)).status).toBe(404)
      expect((await ask(administrator, path)).status).toBe(403)
    }
    const { rowCount } = await room.database.superuser.query('update audits set ends_at = now() where id = $1', [auditId])
    expect(rowCount).toBe(1)
    for (const path of paths) expect((await ask(auditor, path)).status).toBe(404)
  })
})

describe('a report', () => {
  test.each([
    ['a message', 'message'],
    ['an announcement', 'announcement'],
  ] as const)(
    'of %s shows the original and each translation that there is to those whom the district names, withdrawn too, and every look is written down',
    async (_, kind) => {
      const id = kind === 'message' ? await room.post() : await room.announce()
      await plantAll(kind === 'message' ? { message: id } : { announcement: id })
      const reported = await room.student<{ id: string }>('POST', `/v1/${kind}s/${id}/reports`, { category: 'bullying' })
      expect(reported.status).toBe(201)
      await room.teacher('POST', `/v1/${kind}s/${id}/withdraw`)
      const { body } = await ask<ReportDetailView>(safety, `/reports/${reported.body.id}`)
      const text = kind === 'message' ? body.messages.find((one) => one.id === id) : body.announcement
      expect(text).toMatchObject({ language: 'en', text: written, translations: [inSpanish, inFrench], withdrawnAt: expect.any(String) })
      expect(body.acts.map(({ act }) => act)).toEqual(['flagged', 'looked'])
      const { rows } = await room.database.superuser.query('select 1 from audit_entries where target = $1 and action = $2', [
        reported.body.id,
        'report.look',
      ])
      expect(rows).toHaveLength(1)
    },
  )
})

import { v7 as newId } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { openTranslationRoom, type TranslationRoom } from '../support/translationRoom.ts'

/** A student with two guardians, of whom the first has another child in the same section. */
let room: TranslationRoom
let first: Caller
let second: Caller
const [secondId, secondGuardingId, siblingId] = [newId(), newId(), newId()]

beforeAll(async () => {
  room = await openTranslationRoom()
  room.api.deps.pace.translationWaitMs = 0
  const { districtId, sectionId, studentId, guardianId } = room.district
  const { superuser } = room.database
  await addUser(superuser, districtId, secondId, 'guardian')
  await addUser(superuser, districtId, siblingId, 'student')
  await addEnrollment(superuser, districtId, { id: newId(), userId: siblingId, sectionId, role: 'student' })
  for (const [id, guardian, student] of [
    [secondGuardingId, secondId, studentId],
    [newId(), guardianId, siblingId],
  ])
    await superuser.query(
      `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
       values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
      [districtId, id, guardian, student],
    )
  const callerOf = async (userId: string): Promise<Caller> =>
    createCaller(room.api.url, (await signIn(room.api.deps.app, districtId, userId)).token)
  first = await callerOf(guardianId)
  second = await callerOf(secondId)
  for (const caller of [first, second]) await caller('PUT', '/v1/me/language', { language: 'es-US' })
}, 120_000)
afterAll(() => room?.close())
afterEach(() => room.database.superuser.query('delete from translation_refusals'))

const refuse = async (by: Caller): Promise<number> => (await by('PUT', room.refusalOf())).status
const takeBack = async (by: Caller): Promise<number> => (await by('DELETE', room.refusalOf())).status
type Children = { items: { student: { id: string }; isRefusedByMe: boolean; isRefusedByOthers: boolean }[] }
const standingOf = async (by: Caller) =>
  (await by<Children>('GET', '/v1/me/children/translations')).body.items.find(({ student }) => student.id === room.district.studentId)

const refused = { status: 409, body: { code: 'translation-refused' } }
const translated = { status: 200, body: { text: withCanary('traducido') } }

/** Whether what is there of the student’s conversation is shown, to both who converse. */
const expectShown = async (id: string, isShown: boolean): Promise<void> => {
  for (const caller of [room.student, room.teacher]) expect(await room.ask(caller, id)).toMatchObject(isShown ? translated : refused)
  expect((await room.listed(room.student, id))?.translation === null).toBe(!isShown)
}
const postTranslated = async (): Promise<string> => {
  const id = await room.post()
  await room.plant({ message: id })
  return id
}

describe('two guardians who disagree', () => {
  test('nothing is translated while one of them refuses, and each takes back their own word alone', async () => {
    const id = await postTranslated()
    expect(await refuse(first)).toBe(204)
    await expectShown(id, false)
    expect(await standingOf(first)).toMatchObject({ isRefusedByMe: true, isRefusedByOthers: false })
    expect(await standingOf(second)).toMatchObject({ isRefusedByMe: false, isRefusedByOthers: true })
    expect(await takeBack(second)).toBe(204)
    await expectShown(id, false)
    expect(await refuse(second)).toBe(204)
    expect(await takeBack(first)).toBe(204)
    await expectShown(id, false)
    expect(await standingOf(first)).toMatchObject({ isRefusedByMe: false, isRefusedByOthers: true })
    expect(await takeBack(second)).toBe(204)
    await expectShown(id, true)
  })

  test('what was refused by somebody who lost custody holds until another guardian takes it back, and is theirs no more', async () => {
    const id = await postTranslated()
    await refuse(second)
    for (const custody of ['denied', 'unknown']) {
      await room.database.superuser.query('update guardianships set custody = $2 where id = $1', [secondGuardingId, custody])
      await expectShown(id, false)
      expect(await takeBack(second)).toBe(404)
      expect(await refuse(second)).toBe(404)
      expect(await standingOf(second)).toBeUndefined()
    }
    expect(await takeBack(first)).toBe(204)
    await expectShown(id, true)
    await room.database.superuser.query(`update guardianships set custody = 'permitted' where id = $1`, [secondGuardingId])
    await expectShown(id, true)
  })

  test.each([
    ['guardianship', () => secondGuardingId],
    ['person', () => secondId],
  ])('a feed that the brake holds loses nobody their refusal: whose %s it would remove is a guardian still', async (what, subject) => {
    const id = await postTranslated()
    await refuse(second)
    const { districtId } = room.district
    await room.database.superuser.query(
      `with held as (
         insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author)
         values ($1, gen_random_uuid(), 'upload', 'partly-applied', 'k', 'client', 'c') returning id)
       insert into suspensions (district_id, subject_id, sync_id, subject) select $1, $2, id, $3 from held`,
      [districtId, subject(), what === 'person' ? 'user' : what],
    )
    expect(await takeBack(first)).toBe(204)
    await expectShown(id, false)
    await room.database.superuser.query('delete from suspensions')
    expect(await standingOf(second)).toMatchObject({ isRefusedByMe: true })
    await expectShown(id, false)
    expect(await takeBack(second)).toBe(204)
    await expectShown(id, true)
  })
})

describe('a refusal', () => {
  test('is of one child: of everything with them and about them, of nothing about a sibling, and of nothing that is said to a section', async () => {
    await refuse(first)
    const open = async (studentId: string): Promise<string> =>
      (await room.teacher<{ id: string }>('POST', '/v1/channels', { studentId, guardianId: room.district.guardianId })).body.id
    const post = async (channelId: string): Promise<string> => {
      const text = withCanary('Good morning, the excursion begins tomorrow at nine')
      return (await room.teacher<MessageView>('POST', `/v1/channels/${channelId}/messages`, { text })).body.id
    }
    const about = await post(await open(room.district.studentId))
    expect(await room.translationsOf(about)).toEqual([])
    for (const caller of [room.teacher, first]) expect(await room.ask(caller, about, 'fr')).toMatchObject(refused)
    expect(await room.translationsOf(await post(await open(siblingId)))).toEqual(['es-MX pending'])
    const announcement = await room.announce()
    await room.plant({ announcement })
    expect((await room.student<AnnouncementView>('GET', `/v1/announcements/${announcement}`)).body.translation).toMatchObject(
      translated.body,
    )
  })

  test('is told to whoever asks for a translation in words that a person understands, and names nobody', async () => {
    const id = await postTranslated()
    await refuse(second)
    for (const caller of [room.teacher, room.student]) {
      const { status, body } = await room.ask(caller, id)
      expect({ status, detail: body.detail }).toEqual({
        status: 409,
        detail: 'A guardian of this student refuses translations. Read the original.',
      })
      expect(JSON.stringify(body)).not.toContain(secondId)
    }
  })

  test('and each change of it is a row in the sealed log, once however often it is said, with who said it and of whom', async () => {
    const { studentId, guardianId } = room.district
    const listActs = async () =>
      (
        await room.database.superuser.query<{ action: string; actor: string }>(
          `select action, actor from audit_entries where action like 'translations.%' and target = $1 order by id`,
          [studentId],
        )
      ).rows
    const before = (await listActs()).length
    for (let time = 0; time < 2; time += 1) await refuse(first)
    await refuse(second)
    for (let time = 0; time < 2; time += 1) await takeBack(first)
    expect((await listActs()).slice(before)).toEqual([
      { action: 'translations.refuse', actor: guardianId },
      { action: 'translations.refuse', actor: secondId },
      { action: 'translations.allow', actor: guardianId },
    ])
  })
})

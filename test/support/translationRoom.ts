import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { TranslationView } from '../../api/schemas/translationSchema.ts'
import type { Caller } from './callApi.ts'
import { withCanary } from './canary.ts'
import { openRoom } from './openRoom.ts'

/** A conversation in English whose student prefers Spanish, where nothing translates: what is there was planted. */
export type TranslationRoom = Awaited<ReturnType<typeof openTranslationRoom>>

export const openTranslationRoom = async () => {
  const room = await openRoom()
  const { districtId, studentId, sectionId } = room.district
  const { superuser } = room.database
  const cipher = await room.api.deps.districtKeys.forDistrict(districtId)
  await room.student('PUT', '/v1/me/language', { language: 'es-US' })
  await room.teacher('PUT', '/v1/me/language', { language: 'en' })
  const of = (id: string) =>
    superuser.query('select * from translations where message_id = $1 or announcement_id = $1 order by language', [id])
  const sealed = (rowId: string) => cipher.sealText({ table: 'translations', rowId, column: 'body' }, withCanary('traducido'))
  return {
    ...room,
    /** By the teacher unless somebody else says it. */
    post: async (text = 'Good morning, the excursion begins tomorrow at nine', caller: Caller = room.teacher): Promise<string> => {
      const id = newId()
      expect((await caller('POST', `/v1/channels/${room.channelId}/messages`, { id, text: withCanary(text) })).status).toBe(201)
      return id
    },
    announce: async (): Promise<string> => {
      const said = { text: withCanary('Good morning, the excursion begins tomorrow at nine'), recipients: 'both' }
      const { status, body } = await room.teacher<AnnouncementView>('POST', `/v1/sections/${sectionId}/announcements`, said)
      expect(status).toBe(201)
      return body.id
    },
    /** As if it had been translated. */
    plant: async (text: { message: string } | { announcement: string }, language = 'es-MX'): Promise<void> => {
      const [column, id] = 'message' in text ? ['message_id', text.message] : ['announcement_id', text.announcement]
      const rowId = newId()
      await superuser.query(`delete from translations where ${column} = $1 and language = $2`, [id, language])
      await superuser.query(
        `insert into translations (district_id, id, ${column}, language, source_language, state, body, lost, provider, characters, created_at, asked_at, finished_at)
         values ($1, $2, $3, $4, 'en', 'done', $5, '{name}', 'a translator', 9, now(), now(), now())`,
        [districtId, rowId, id, language, sealed(rowId)],
      )
    },
    /** As if it had ended so. */
    fail: (id: string, reason: string, state = 'failed') =>
      superuser.query(
        `update translations set state = $2, reason = $3, finished_at = now(), body = null, provider = null where message_id = $1`,
        [id, state, reason],
      ),
    /** Language and state of each that there is of a text. */
    translationsOf: async (id: string): Promise<string[]> =>
      (await of(id)).rows.map(({ language, state }: { language: string; state: string }) => `${language} ${state}`),
    listed: async (caller: Caller, id: string): Promise<MessageView | undefined> =>
      (await caller<{ items: MessageView[] }>('GET', `/v1/channels/${room.channelId}/messages?limit=100`)).body.items.find(
        (one) => one.id === id,
      ),
    ask: (caller: Caller, id: string, language = 'es-US', kind: 'messages' | 'announcements' = 'messages') =>
      caller<TranslationView & Problem & { state?: string }>('POST', `/v1/${kind}/${id}/translations`, { language }),
    switchOff: (feature: string) =>
      superuser.query('update feature_switches set switched_off_at = now() where district_id = $1 and feature = $2', [districtId, feature]),
    switchOn: (feature: string) =>
      superuser.query('update feature_switches set switched_off_at = null where district_id = $1 and feature = $2', [districtId, feature]),
    refusalOf: (studentIdOf = studentId) => `/v1/students/${studentIdOf}/translation-refusal`,
  }
}

import { v7 as newId } from 'uuid'
import { withDistrict } from '../../db/openDatabase.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { requestTranslation, type TranslationRequested } from '../../db/queries/requestTranslation.ts'
import type { TextRef } from '../../db/queries/translationRow.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { toTranslatingStart, translateMessageId, type TranslationPace } from '../../workflows/contract.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { withCanary } from './canary.ts'

/** Waits of milliseconds where production waits for minutes. */
export const testTranslationPace: TranslationPace = {
  stepTimeoutMs: 10_000,
  translateTimeoutMs: 20_000,
  heartbeatTimeoutMs: 5_000,
  waitBetweenTriesMs: 50,
  waitBetweenTriesMaxMs: 200,
  giveUpAfterMs: 8_000,
  misconfiguredWaitMs: 300,
  misconfiguredTriesMax: 40,
}

/** A translation's row, as the database has it. */
export type TranslationRowSeen = {
  id: string
  state: string
  reason: string | null
  attempt: number
  body: Buffer | null
  provider: string | null
  characters: number | null
  lost: string[]
}

/** What tests do with translations of a world's own channel. */
export const createTranslationActs = ({ adapters, channel, config, database }: AttachmentWorld) => {
  const { districtId, channelId, teacherId, studentId } = channel
  const { superuser } = database
  const startFor = toTranslatingStart(config.taskQueues.translations)
  const request = async (text: TextRef, language = 'es', actorId = teacherId): Promise<TranslationRequested | null> =>
    withDistrict(adapters.app, districtId, (tx) => requestTranslation(tx, { ...text, actorId, language, startFor }))
  return {
    /** The student writes to the teacher, or whoever is said to. */
    write: async (text: string, authorId = studentId): Promise<string> => {
      const id = newId()
      const cipher = await adapters.districtKeys.forDistrict(districtId)
      const body = cipher.sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary(text))
      await withDistrict(adapters.app, districtId, async (tx) => {
        const posted = await postMessage(tx, { id, channelId, authorId, body, attachmentIds: [], language: 'en' })
        if (posted.outcome !== 'posted') throw new Error(posted.outcome)
      })
      return id
    },
    /** The teacher says it to the section. */
    announce: async (text: string): Promise<string> => {
      const id = newId()
      const cipher = await adapters.districtKeys.forDistrict(districtId)
      const body = cipher.sealText({ table: 'announcements', rowId: id, column: 'body' }, withCanary(text))
      await superuser.query(
        `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at, scope_count, scope_root, scope_computed_at)
         select $1, $2, section_id, 1 + (select count(*) from announcements), $3, 'both', $4, 1, current_date, true, now(), 1, '\\x00', now()
         from enrollments where district_id = $1 and user_id = $3`,
        [districtId, id, teacherId, body],
      )
      return id
    },
    request,
    relay: () => relayOutbox({ relay: adapters.relay, client: adapters.client, ageSeconds: 0 }),
    runOf: (textId: string, attempt = 1, language = 'es') =>
      adapters.client.workflow.getHandle(translateMessageId({ districtId, textId, language, attempt })),
    row: async (textId: string, language = 'es'): Promise<TranslationRowSeen> => {
      const { rows } = await superuser.query<TranslationRowSeen>(
        'select * from translations where (message_id = $1 or announcement_id = $1) and language = $2',
        [textId, language],
      )
      if (rows[0] === undefined) throw new Error('no such translation')
      return rows[0]
    },
    open: async ({ id, body }: TranslationRowSeen): Promise<string> => {
      if (body === null) throw new Error('there is no translation')
      return (await adapters.districtKeys.forDistrict(districtId)).openText({ table: 'translations', rowId: id, column: 'body' }, body)
    },
  }
}

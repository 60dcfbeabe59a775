import { randomUUID } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { requestTranslation } from '../../db/queries/requestTranslation.ts'
import { countCharacters } from '../../domain/translation/countCharacters.ts'
import { toTranslatingStart, translateMessageId } from '../../workflows/contract.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import type { TranslationGate } from '../support/startTranslationGate.ts'
import { noticeEverybody } from './noticeScenarios.ts'
import { insertAnnouncement } from './receiptScenarios.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { RosterStage } from './rosterStage.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

const text = withCanary('We meet at the library.')
const language = 'es'

const switchOn = async ({ world, districtId }: RosterStage): Promise<void> => {
  await world.database.superuser.query(
    `insert into feature_switches (district_id, id, feature, switched_on_at)
     select $1, $2, 'translations', now() where not exists (select 1 from feature_switches where district_id = $1 and feature = 'translations')`,
    [districtId, randomUUID()],
  )
}

/** `u2` says it to their section, of which `u1` prefers Spanish. Answers the id of the announcement. */
const announce = async (stage: RosterStage): Promise<string> => {
  const { world, districtId } = stage
  const { superuser } = world.database
  await switchOn(stage)
  await superuser.query('update users set preferred_language = $2 where id = $1', [await stage.find('u1'), language])
  const announcementId = await insertAnnouncement(stage)
  const cipher = await world.adapters.districtKeys.forDistrict(districtId)
  const body = cipher.sealText({ table: 'announcements', rowId: announcementId, column: 'body' }, text)
  await superuser.query('update announcements set body = $2 where id = $1', [announcementId, body])
  return announcementId
}

/** `u2` writes to `u1`, who asks for it in Spanish. Answers the id of the message. */
const ask = async (stage: RosterStage): Promise<string> => {
  const { world, districtId } = stage
  const { app, districtKeys } = world.adapters
  const [teacherId, studentId, id] = [await stage.find('u2'), await stage.find('u1'), newId()]
  const { superuser } = world.database
  await switchOn(stage)
  const { rows } = await superuser.query<{ id: string }>('select id from channels where district_id = $1 and participant_id = $2', [
    districtId,
    studentId,
  ])
  const body = (await districtKeys.forDistrict(districtId)).sealText({ table: 'messages', rowId: id, column: 'body' }, text)
  const startFor = toTranslatingStart(world.config.taskQueues.translations)
  await withDistrict(app, districtId, async (tx) => {
    const message = { id, channelId: present(rows[0]).id, authorId: teacherId, body, attachmentIds: [], language: 'en' }
    const posted = await postMessage(tx, message)
    if (posted.outcome !== 'posted') throw new Error(`a message was not posted: ${posted.outcome}`)
    present(await requestTranslation(tx, { messageId: id, actorId: studentId, language, startFor }))
  })
  return id
}

const runOf = ({ world, districtId }: RosterStage, textId: string, attempt = 1) =>
  world.adapters.client.workflow.getHandle(translateMessageId({ districtId, textId, language, attempt }))

const ending = { syncs: ['applied'], alerts: [] }

/** `gateOf`: before the translator of a world, where faults are injected. */
export const createTranslationScenarios = (gateOf: (world: AttachmentWorld) => TranslationGate): readonly Scenario<RosterEnding>[] => [
  rosterScenario({
    name: 'a translation that uses up what its district had for this month',
    ending,
    access: stays,
    happen: async (stage) => {
      const { world, districtId } = stage
      await world.database.superuser.query('update districts set translation_budget = $2 where id = $1', [
        districtId,
        countCharacters(text),
      ])
      const id = await ask(stage)
      await stage.relay()
      await runOf(stage, id).result()
    },
  }),
  rosterScenario({
    name: 'an announcement in the language of one of those whom it is for',
    ending: { ...ending, mails: ['<notice.<users u1>.1.1'] },
    access: stays,
    happen: async (stage) => {
      const id = await announce(stage)
      await noticeEverybody(stage, id)
      await runOf(stage, id).result()
    },
  }),
  {
    // Nobody's texts are translated in its world meanwhile.
    isAlone: true,
    ...rosterScenario({
      name: 'a translation that its provider refuses to us for too long',
      ending: { ...ending, mails: [] },
      access: stays,
      happen: async (stage) => {
        const gate = gateOf(stage.world)
        gate.failAll({ kind: 'error', type: 'AccessDeniedException', status: 400 })
        try {
          const id = await ask(stage)
          await stage.relay()
          await runOf(stage, id).result()
        } finally {
          gate.failAll(null)
        }
        // A page that is not there would be a trouble that nobody was told of. The watch of operations ends it, once nobody has met the trouble for a while.
        const pages = await stage.world.database.superuser.query('select 1 from open_alerts where raised_at is not null')
        expect(pages.rowCount).toBe(1)
      },
    }),
  },
  {
    // A sweep looks at everything that there is.
    isAlone: true,
    ...rosterScenario({
      name: 'a translation whose run was lost',
      ending: { ...ending, mails: [] },
      access: stays,
      happen: async (stage) => {
        const id = await ask(stage)
        const { superuser } = stage.world.database
        await superuser.query(`update outbox set started_at = now() where district_id = $1 and workflow_type = 'translateMessage'`, [
          stage.districtId,
        ])
        await sweep(stage, 'sweepTranslations')
        await stage.relay()
        await runOf(stage, id, 2).result()
      },
    }),
  },
]

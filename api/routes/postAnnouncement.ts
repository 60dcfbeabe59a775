import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { findProfanity } from '../../clients/language/findProfanity.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { readLanguage } from '../../domain/language/readLanguage.ts'
import { toTranslationLanguage } from '../../domain/translation/languages.ts'
import { actAs } from '../actAs.ts'
import { announceOnce } from '../announceOnce.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { countPosted, toNudgeView } from '../postUnlessNudged.ts'
import { announcementSchema, postAnnouncementBody } from '../schemas/announcementSchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { nudgedAnswer } from '../schemas/messageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadAnnouncement } from '../views/loadAnnouncements.ts'

type Deps = Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow' | 'metrics' | 'findWords' | 'detectLanguage'>

/** One statement asks the live roster and writes; it names no recipient, and waits for no scan. Sending it again answers what was posted. */
export const postAnnouncementRoute = (deps: Deps) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'post',
      path: '/sections/{id}/announcements',
      operationId: 'postAnnouncement',
      summary: 'Say something to a section that I teach, with up to 10 files',
      description:
        'For teachers whom the roster enrolls in the section. Repeat it with the same `id` as often as needed: it is posted once. There is no edit; a correction is a new one. A text that its author may be sorry for is answered with a nudge.',
      tags: ['announcements'],
      request: { params: idParams, body: { required: true, content: { 'application/json': { schema: postAnnouncementBody } } } },
      responses: {
        ...nudgedAnswer,
        201: { description: 'The announcement', content: { 'application/json': { schema: announcementSchema } } },
        ...forbiddenProblem,
        ...hiddenProblem,
        ...conflictProblem,
        ...inputProblems,
        ...commonProblems,
      },
    }),
    async (c) => {
      const actor = c.get('actor')
      const { id: sectionId } = c.req.valid('param')
      const json = c.req.valid('json')
      const body = { ...json, id: json.id ?? newId() }
      const cipher = await deps.districtKeys.forDistrict(actor.districtId)
      const reading = readLanguage(body.text, { findProfanity, words: await deps.findWords(actor.districtId) })
      const language = deps.detectLanguage(body.text, toTranslationLanguage(actor.preferredLanguage))
      const said = { actor, sectionId, body, reading, language, queues: deps.taskQueues }
      const posted = await countPosted(deps, () => actAs(deps.app, actor, (tx) => announceOnce(tx, cipher, said)))
      if (posted.kind === 'nudged') return c.json(toNudgeView(posted), 200)
      // Not waited for: how long the answer takes says nothing of it. It never rejects.
      if (posted.start !== null) void deps.startWorkflow(posted.start, { districtId: actor.districtId })
      const announcement = await readDistrict(deps.app, actor.districtId, (tx) => loadAnnouncement(tx, cipher, actor, body.id))
      return c.json(announcement, 201, { Location: `/v1/announcements/${body.id}` })
    },
  )

import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { findProfanity } from '../../clients/language/findProfanity.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { readLanguage } from '../../domain/language/readLanguage.ts'
import { toTranslationLanguage } from '../../domain/translation/languages.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { postOnce } from '../postOnce.ts'
import { countPosted, toNudgeView } from '../postUnlessNudged.ts'
import { idParams } from '../schemas/idSchema.ts'
import { messageSchema, nudgedAnswer, postMessageBody } from '../schemas/messageSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { loadMessage } from '../views/loadMessages.ts'
import { toPostedView } from '../views/toPostedView.ts'

const route = createRoute({
  method: 'post',
  path: '/channels/{id}/messages',
  operationId: 'postMessage',
  summary: 'Post a message with up to 10 files',
  description:
    'Repeat it with the same `id` as often as needed: it is posted once. There is no edit; a correction is a new message. A text that its author may be sorry for is answered with a nudge.',
  tags: ['messages'],
  request: { params: idParams, body: { required: true, content: { 'application/json': { schema: postMessageBody } } } },
  responses: {
    ...nudgedAnswer,
    201: { description: 'The message', content: { 'application/json': { schema: messageSchema } } },
    ...forbiddenProblem,
    ...hiddenProblem,
    ...conflictProblem,
    ...inputProblems,
    ...commonProblems,
  },
})

type PostDeps = Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow' | 'metrics' | 'findWords' | 'detectLanguage'>

/** A post is one statement that asks the live roster itself (law 1); it does not wait for any scan. Sending it again answers what was posted. */
export const postMessageRoute = (deps: PostDeps) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(route, async (c) => {
    const actor = c.get('actor')
    const { id: channelId } = c.req.valid('param')
    const json = c.req.valid('json')
    const body = { ...json, id: json.id ?? newId() }
    const cipher = await deps.districtKeys.forDistrict(actor.districtId)
    const reading = readLanguage(body.text, { findProfanity, words: await deps.findWords(actor.districtId) })
    const language = deps.detectLanguage(body.text, toTranslationLanguage(actor.preferredLanguage))
    const message = { actor, channelId, body, reading, language, queues: deps.taskQueues }
    const posted = await countPosted(deps, () => actAs(deps.app, actor, (tx) => postOnce(tx, cipher, message)))
    if (posted.kind === 'nudged') return c.json(toNudgeView(posted), 200)
    // Not waited for: how long the answer takes says nothing of it. It never rejects.
    if (posted.start !== null) void deps.startWorkflow(posted.start, { districtId: actor.districtId })
    if (posted.made !== null && body.attachmentIds.length === 0) return c.json(toPostedView(message, posted.made), 201)
    return c.json(await readDistrict(deps.app, actor.districtId, (tx) => loadMessage(tx, cipher, actor, body.id)), 201)
  })

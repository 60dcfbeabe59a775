import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { chargeAsking } from '../../db/queries/chargeAsking.ts'
import { findTranslation, findTranslationStanding } from '../../db/queries/findTranslation.ts'
import { requestTranslation } from '../../db/queries/requestTranslation.ts'
import type { TextRef, TranslationRecord } from '../../db/queries/translationRow.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { Refusal } from '../../domain/refusal.ts'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import { toTranslatingStart } from '../../workflows/contract.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { createAwaitTranslation } from '../awaitTranslation.ts'
import { InvalidInput, refuseInvalidInput } from '../invalidInput.ts'
import { hidden } from '../requireAllowed.ts'
import { idParams } from '../schemas/idSchema.ts'
import { askingProblem, commonProblems, conflictProblem, hiddenProblem, inputProblems } from '../schemas/problemSchema.ts'
import { translateBody, translatingSchema, translationSchema, type TranslationView } from '../schemas/translationSchema.ts'
import { toTranslationRefusal } from '../views/toTranslationRefusal.ts'
import { toTranslationView } from '../views/toTranslationView.ts'

const toRoute = <Path extends string>(path: Path, operationId: string, what: string) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    summary: `Read ${what} in another language`,
    description:
      'It is translated once for each language, however many ask. Show the original beside it, and say that it is a translation. Where translations are switched off there is nothing here.',
    tags: ['translations'],
    request: { params: idParams, body: { required: true, content: { 'application/json': { schema: translateBody } } } },
    responses: {
      200: { description: 'The translation', content: { 'application/json': { schema: translationSchema } } },
      202: {
        description:
          'It takes longer: `message.translated` or `announcement.translated` on /v1/events says when it is there. Ask again then, or in a while',
        content: { 'application/json': { schema: translatingSchema } },
      },
      ...hiddenProblem,
      ...conflictProblem,
      ...askingProblem,
      ...inputProblems,
      ...commonProblems,
    },
  })

const messageRoute = toRoute('/messages/{id}/translations', 'translateMessage', 'a message')
const announcementRoute = toRoute('/announcements/{id}/translations', 'translateAnnouncement', 'an announcement')

const unknownLanguage = () =>
  new InvalidInput([
    { in: 'body', pointer: '/language', code: 'unknown-language', message: 'Name a language that can be translated into, such as es.' },
  ])

type Requested = { translation: TranslationRecord; start: OutboxStart | null }
type Asked = TextRef & { actorId: string; language: string }

type Deps = Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow' | 'pace' | 'closing'>

/** What there is already, of a text of which nothing more is asked for. @throws {Refusal} why there is nothing. */
const findInstead = async (tx: DistrictTransaction, asked: Asked): Promise<Requested> => {
  const standing = await findTranslationStanding(tx, asked)
  if (standing === null) throw hidden()
  // Where translations are switched off, nothing says that there might be any (law 3).
  if (standing.whyNot !== 'switched-off' && isSameLanguage(standing.language, asked.language))
    throw new Refusal('translation-impossible', 'It is in this language already.')
  const known = standing.whyNot === 'not-shown' ? await findTranslation(tx, asked) : null
  if (known?.state === 'done') return { translation: known, start: null }
  throw toTranslationRefusal(standing.whyNot ?? 'unavailable')
}

/** What was asked for is taken back with the transaction where there is no room for it. @throws {Refusal} */
const requireAskingRoom = async (tx: DistrictTransaction, userId: string): Promise<void> => {
  const retryAfterSeconds = await chargeAsking(tx, userId)
  if (retryAfterSeconds === null) return
  throw new Refusal('person-translation-quota', 'You have asked for as many translations as one person may in a day.', {
    retryAfterSeconds,
  })
}

/** A text that somebody reads, in whichever language they ask for. */
export const translationRoutes = (deps: Deps) => {
  const awaitTranslation = createAwaitTranslation(deps)
  const translate = async (actor: Actor, text: TextRef, tag: string): Promise<TranslationView | null> => {
    const language = toTranslationLanguage(tag)
    if (language === null) throw unknownLanguage()
    const cipher = await deps.districtKeys.forDistrict(actor.districtId)
    const asked = { ...text, actorId: actor.userId, language }
    const startFor = toTranslatingStart(deps.taskQueues.translations)
    const { translation, start } = await actAs(deps.app, actor, async (tx) => {
      const requested = await requestTranslation(tx, { ...asked, startFor })
      if (requested?.start) await requireAskingRoom(tx, actor.userId)
      return requested ?? findInstead(tx, asked)
    })
    // Not waited for: the row says what became of it. It never rejects.
    if (start !== null) void deps.startWorkflow(start, { districtId: actor.districtId })
    const settled = translation.state === 'pending' ? await awaitTranslation({ actor, text, translation }) : translation
    if (settled === null) throw hidden()
    if (settled.reason !== null) throw toTranslationRefusal(settled.reason)
    return toTranslationView(cipher, settled)
  }
  const answer = async (c: Context<ApiEnv>, text: TextRef, tag: string) => {
    const view = await translate(c.get('actor'), text, tag)
    return view === null ? c.json({ state: 'pending' as const, language: toTranslationLanguage(tag) ?? tag }, 202) : c.json(view, 200)
  }
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(messageRoute, (c) => answer(c, { messageId: c.req.valid('param').id }, c.req.valid('json').language))
    .openapi(announcementRoute, (c) => answer(c, { announcementId: c.req.valid('param').id }, c.req.valid('json').language))
}

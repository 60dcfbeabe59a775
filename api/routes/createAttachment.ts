import { createRoute, OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { v7 as newId } from 'uuid'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import { readDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { createAttachment, type AttachmentPlace } from '../../db/queries/createAttachment.ts'
import { chargeDistrict, chargePerson } from '../../db/queries/chargeUpload.ts'
import { findTerms } from '../../db/queries/listTerms.ts'
import { findUploadLimits } from '../../db/queries/findUploadLimits.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { refusePost, refuseUntilAccepted } from '../refusePost.ts'
import { hidden } from '../requireAllowed.ts'
import { requireCharged, requireScanRoom } from '../requireUploadRoom.ts'
import { requireSendableType } from '../requireSendableType.ts'
import { runOnce } from '../runOnce.ts'
import { createAttachmentBody, createdAttachmentSchema } from '../schemas/attachmentSchema.ts'
import { idempotencyHeaders } from '../schemas/idempotencySchema.ts'
import { idParams } from '../schemas/idSchema.ts'
import { commonProblems, conflictProblem, forbiddenProblem, hiddenProblem, inputProblems, quotaProblem } from '../schemas/problemSchema.ts'
import { signTicket } from '../signTicket.ts'
import { requireAttachment } from '../views/loadAttachment.ts'
import { requireSection } from '../views/loadAnnouncements.ts'
import { requireChannel } from '../views/loadChannel.ts'
import { toOwnAttachmentView } from '../views/toAttachmentView.ts'

type FileBody = z.output<typeof createAttachmentBody>
type NewFile = FileBody & { place: AttachmentPlace; ticketSeconds: number; scanPressure: number | null }

const findRefusal = async (tx: DistrictTransaction, actor: Actor, place: AttachmentPlace): Promise<Refusal> => {
  const posting =
    'sectionId' in place
      ? await requireSection(tx, actor, place.sectionId, 'section.announce').then(() => 'open' as const)
      : (await requireChannel(tx, actor, place.channelId, 'message.post')).channel.posting
  const terms = await findTerms(tx, { userId: actor.userId })
  if (terms !== null && terms.acceptedAt === null) return refuseUntilAccepted()
  return posting === 'open' ? hidden() : refusePost(posting)
}

/** Inserts the ticket; the live roster is asked in the same statement (law 1), the quotas in the same transaction. */
const insertTicket = async (tx: DistrictTransaction, cipher: ColumnCipher, actor: Actor, file: NewFile): Promise<string> => {
  const contentType = requireSendableType(file)
  const { bytesMax, isLimited, ...quotas } = await findUploadLimits(tx)
  if (file.bytes > bytesMax) throw new Refusal('file-too-large', `Files may have at most ${bytesMax} bytes.`, { field: '/bytes' })
  const { place, bytes, ticketSeconds, scanPressure } = file
  if (isLimited) requireScanRoom(scanPressure)
  if (isLimited) requireCharged(await chargePerson(tx, { userId: actor.userId, bytes }, quotas), 'person')
  const id = newId()
  const fileName = cipher.sealText({ table: 'attachments', rowId: id, column: 'file_name' }, file.fileName)
  const attachment = await createAttachment(tx, { id, ...place, uploaderId: actor.userId, fileName, contentType, bytes, ticketSeconds })
  if (attachment === null) throw await findRefusal(tx, actor, place)
  if (isLimited) requireCharged(await chargeDistrict(tx, { bytes }, quotas), 'district')
  return attachment.id
}

type Deps = Pick<ApiDeps, 'app' | 'districtKeys' | 'signer' | 'uploadTicketSeconds' | 'askScanPressure'>

const toRoute = <Path extends string>(path: Path, operationId: string, summary: string) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    summary,
    tags: ['attachments'],
    request: {
      params: idParams,
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: createAttachmentBody } } },
    },
    responses: {
      201: {
        description: 'The attachment, waiting for its bytes, and where to send them',
        content: { 'application/json': { schema: createdAttachmentSchema } },
      },
      ...forbiddenProblem,
      ...hiddenProblem,
      ...conflictProblem,
      ...inputProblems,
      ...quotaProblem,
      ...commonProblems,
    },
  })

/** Makes the ticket once for one key, and signs where to send the bytes. */
const createTicket = async (
  deps: Deps,
  c: Context<ApiEnv>,
  { place, body, key }: { place: AttachmentPlace; body: FileBody; key: string | undefined },
): Promise<z.infer<typeof createdAttachmentSchema>> => {
  const actor = c.get('actor')
  const cipher = await deps.districtKeys.forDistrict(actor.districtId)
  // Asked before the transaction, decided in it: what was asked for once is answered again whatever the pressure.
  const scanPressure = await deps.askScanPressure()
  const file = { ...body, place, ticketSeconds: deps.uploadTicketSeconds, scanPressure }
  const id = await runOnce(deps, c, { key, body, kind: 'attachment' }, (tx) => insertTicket(tx, cipher, actor, file))
  const attachment = await readDistrict(deps.app, actor.districtId, (tx) => requireAttachment(tx, actor, id, 'attachment.complete'))
  return { attachment: toOwnAttachmentView(cipher, attachment), upload: await signTicket(deps.signer, attachment) }
}

const locate = ({ attachment }: z.infer<typeof createdAttachmentSchema>) => ({ Location: `/v1/attachments/${attachment.id}` })

/** Allows one upload: the bytes go straight to the store, never through here. */
export const createAttachmentRoute = (deps: Deps) => {
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .openapi(toRoute('/channels/{id}/attachments', 'createAttachment', 'Get a ticket to upload a file'), async (c) => {
      const place = { channelId: c.req.valid('param').id }
      const created = await createTicket(deps, c, { place, body: c.req.valid('json'), key: c.req.valid('header')['Idempotency-Key'] })
      return c.json(created, 201, locate(created))
    })
    .openapi(
      toRoute(
        '/sections/{id}/attachments',
        'createSectionAttachment',
        'Get a ticket to upload a file for an announcement to a section that I teach',
      ),
      async (c) => {
        const place = { sectionId: c.req.valid('param').id }
        const created = await createTicket(deps, c, { place, body: c.req.valid('json'), key: c.req.valid('header')['Idempotency-Key'] })
        return c.json(created, 201, locate(created))
      },
    )
}

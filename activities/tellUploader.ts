import { withDistrict } from '../db/openDatabase.ts'
import { findUploaderToTell } from '../db/queries/findUploaderToTell.ts'
import { stateAfterVerdict } from '../domain/attachment.ts'
import { toUploaderNotice } from '../domain/uploaderNotice.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { mailOnce } from './mailOnce.ts'

/**
 * Tells the uploader by mail that the file was removed or refused, without naming it. Decides at this moment whether they may be told
 * (law 1): `not-told` when the roster no longer connects them, they have no address, the file's state is no news, or the address
 * takes no mail.
 */
export const createTellUploader =
  ({ app, districtKeys, mailer }: Pick<AttachmentDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  async (ref: Pick<AttachmentRef, 'districtId' | 'attachmentId'>): Promise<'told' | 'not-told'> => {
    const uploader = await withDistrict(app, ref.districtId, (tx) => findUploaderToTell(tx, ref.attachmentId))
    if (uploader === null || uploader.email === null) return 'not-told'
    const { state, verdict, refusalReason, isWithdrawn } = uploader
    // A placed verdict is not taken back: what the row will say when it is closed is true already.
    const end = state === 'scanning' && verdict !== null ? stateAfterVerdict[verdict] : state
    const notice = toUploaderNotice(end, refusalReason, isWithdrawn)
    if (notice === null) return 'not-told'
    const cipher = await districtKeys.forDistrict(ref.districtId)
    const to = cipher.openText({ table: 'users', rowId: uploader.uploaderId, column: 'email' }, uploader.email)
    const recipient = { districtId: ref.districtId, userId: uploader.uploaderId }
    return (await mailOnce(mailer, { id: `attachment.${ref.attachmentId}.${end}`, to, recipient, ...notice })) ? 'told' : 'not-told'
  }

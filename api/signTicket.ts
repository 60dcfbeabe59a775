import type { AttachmentRecord } from '../db/queries/attachmentRow.ts'
import type { UploadSigner } from '../domain/ports.ts'
import { Refusal } from '../domain/refusal.ts'

type Upload = { url: string; fields: Record<string, string>; expiresAt: string }

/**
 * The upload ticket of an attachment that still waits for its bytes, valid until the time its row names: a repeated request gets
 * another signature, never more time.
 * @throws {Refusal} `state-conflict` when it waits no longer.
 */
export const signTicket = async (signer: UploadSigner, attachment: AttachmentRecord): Promise<Upload> => {
  const expiresInSeconds = Math.ceil((attachment.ticketExpiresAt.getTime() - Date.now()) / 1_000)
  if (attachment.state !== 'awaiting-upload' || expiresInSeconds <= 0) {
    throw new Refusal('state-conflict', 'This file was uploaded already, or its ticket ended. Ask for a new one.')
  }
  const { incomingKey, contentType, bytes } = attachment
  const ticket = await signer.signUpload({ key: incomingKey, contentType, bytesMax: bytes, expiresInSeconds })
  return { url: ticket.url, fields: ticket.fields, expiresAt: ticket.expiresAt.toISOString() }
}

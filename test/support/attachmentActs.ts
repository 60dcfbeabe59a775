import { v7 as newId } from 'uuid'
import { inject } from 'vitest'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { completeAttachment } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import type { OutboxStart, StartFor } from '../../db/queries/enqueueWorkflow.ts'
import type { WorkerConfig } from '../../worker/config.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { removeAttachmentId, scanAttachmentId } from '../../workflows/contract.ts'
import { withCanary } from './canary.ts'
import type { TestDatabase } from './database.ts'
import { present } from './present.ts'
import type { SeededChannel } from './seedChannel.ts'

/** What the people of the seeded channel do, as the API does it for them. */
export type AttachmentActs = {
  /** Inserts a ticket of the teacher, and answers the attachment's id. */
  addTicket(options?: { contentType?: string; ticketSeconds?: number }): Promise<string>
  /** Uploads to the ticket's key as a browser does, by pre-signed POST. */
  upload(attachmentId: string, content: Buffer): Promise<void>
  /** Says that the upload is complete, without starting anything. */
  complete(attachmentId: string): Promise<OutboxStart>
  remove(attachmentId: string): Promise<OutboxStart>
  /** Starts what the outbox asks for, as the API does after its commit. */
  start(start: OutboxStart): Promise<void>
  /** Ticket, upload, completion and start in one. */
  send(content: Buffer, contentType: string): Promise<string>
}

export const createAttachmentActs = (
  config: WorkerConfig,
  { app, client, districtKeys }: Adapters,
  channel: SeededChannel,
  database: TestDatabase,
) => {
  const { districtId, channelId, teacherId } = channel
  const stack = inject('stack')
  const signer = createUploadSigner(
    createS3Client({ endpoint: stack.s3.endpoint, region: stack.s3.region, credentials: stack.s3.api }),
    config.objectStore.incomingBucket,
  )
  const taskQueue = config.taskQueues.attachments
  const scanFor: StartFor = (ref) => ({
    type: 'scanAttachment',
    workflowId: scanAttachmentId(ref.attachmentId, ref.attempt),
    taskQueue,
    input: ref,
  })
  const removalFor: StartFor = (ref) => ({
    type: 'removeAttachment',
    workflowId: removeAttachmentId(ref.attachmentId, ref.attempt),
    taskQueue,
    input: ref,
  })
  const keyAndType = new Map<string, { key: string; contentType: string }>()

  const addTicket: AttachmentActs['addTicket'] = async ({ contentType = 'text/plain', ticketSeconds = 600 } = {}) => {
    const id = newId()
    const cipher = await districtKeys.forDistrict(districtId)
    const fileName = cipher.sealText({ table: 'attachments', rowId: id, column: 'file_name' }, withCanary('file.txt'))
    const ticket = { id, channelId, uploaderId: teacherId, fileName, contentType, bytes: 10_000_000, ticketSeconds }
    const record = await withDistrict(app, districtId, (tx) => createAttachment(tx, ticket))
    if (record === null) throw new Error('the ticket was refused')
    const { rows } = await database.superuser.query<{ incoming_key: string }>('select incoming_key from attachments where id = $1', [id])
    keyAndType.set(id, { key: present(rows[0]).incoming_key, contentType })
    return id
  }

  const upload: AttachmentActs['upload'] = async (attachmentId, content) => {
    const { key, contentType } = present(keyAndType.get(attachmentId))
    const { url, fields } = await signer.signUpload({ key, contentType, bytesMax: 10_000_000, expiresInSeconds: 600 })
    const form = new FormData()
    for (const [field, value] of Object.entries(fields)) form.append(field, value)
    form.append('file', new Blob([new Uint8Array(content)], { type: contentType }))
    const answer = await fetch(url, { method: 'POST', body: form })
    if (answer.status !== 201) throw new Error(`the store answered ${answer.status}`)
  }

  const complete: AttachmentActs['complete'] = async (attachmentId) => {
    const start = await withDistrict(app, districtId, (tx) =>
      completeAttachment(tx, { attachmentId, actorId: teacherId, startFor: scanFor }),
    )
    if (start === null) throw new Error('the completion was refused')
    return start
  }

  const start: AttachmentActs['start'] = ({ type, workflowId, taskQueue: queue, input }) =>
    startWorkflow(client, { type, workflowId, taskQueue: queue, input, districtId, attachmentId: String(input.attachmentId) }, 5_000)

  return {
    addTicket,
    upload,
    complete,
    start,
    remove: async (attachmentId: string) => {
      const asked = await withDistrict(app, districtId, (tx) =>
        deleteAttachment(tx, { attachmentId, actorId: teacherId, startFor: removalFor }),
      )
      if (asked === null) throw new Error('the deletion was refused')
      return asked
    },
    send: async (content: Buffer, contentType: string) => {
      const attachmentId = await addTicket({ contentType })
      await upload(attachmentId, content)
      await start(await complete(attachmentId))
      return attachmentId
    },
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as newId } from 'uuid'
import { inject } from 'vitest'
import { ensurePayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { completeAttachment } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import type { OutboxStart, StartFor } from '../../db/queries/enqueueWorkflow.ts'
import { readWorkerConfig, type WorkerConfig } from '../../worker/config.ts'
import { openAdapters, type Adapters } from '../../worker/openAdapters.ts'
import { runWorkers, type RunningWorkers } from '../../worker/runWorkers.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { removeAttachmentId, scanAttachmentId, type ScanPace } from '../../workflows/contract.ts'
import { withCanary } from './canary.ts'
import { createTestBuckets, type TestBuckets } from './buckets.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import './quietRuntime.ts'
import { seedChannel, type SeededChannel } from './seedChannel.ts'
import { present } from './present.ts'

/** A whole worker's surroundings for one test file: its own database, buckets, keys and queues on the shared servers. */
export type AttachmentWorld = {
  config: WorkerConfig
  /** What a worker's process would be told to work in this world. */
  environment: Record<string, string>
  adapters: Adapters
  database: TestDatabase
  buckets: TestBuckets
  channel: SeededChannel
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
  startWorkers(): Promise<RunningWorkers>
  running(): readonly RunningWorkers[]
  /** The row, as the database has it. */
  row(attachmentId: string): Promise<AttachmentRow>
  /** What a scan's run answered; rejects as the run did. */
  scanOutcome(attachmentId: string, attempt?: number): Promise<unknown>
  close(): Promise<void>
}

/** The columns that tests look at. */
export type AttachmentRow = {
  state: string
  attempt: number
  verdict: string | null
  refusal_reason: string | null
  signature: string | null
  sha256: Buffer | null
  incoming_key: string
  incoming_version_id: string | null
  clean_key: string | null
  clean_bytes: number | null
  clean_content_type: string | null
  quarantine_key: string | null
}

/** Waits of milliseconds where production waits for minutes. */
export const testPace: ScanPace = {
  streamTimeoutMs: 30_000,
  stepTimeoutMs: 10_000,
  heartbeatTimeoutMs: 5_000,
  waitBetweenTriesMs: 50,
  attemptsPerRound: 2,
  waitBetweenRoundsMs: 300,
  roundsPerRun: 20,
  delayedAfterMs: 600_000,
}

export const createAttachmentWorld = async (change: Partial<WorkerConfig> = {}): Promise<AttachmentWorld> => {
  const name = randomBytes(5).toString('hex')
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-world-'))
  const database = await createTestDatabase()
  const buckets = await createTestBuckets(name)
  const environment = await toEnvironment(name, folder, database, buckets)
  const config = { ...readWorkerConfig(environment), pace: testPace, ...change }
  const adapters = await openAdapters(config)
  const channel = await seedChannel(adapters.app, adapters.districtKeys)
  const running: RunningWorkers[] = []
  const acts = createActs(config, adapters, channel, database)
  return {
    ...acts,
    config,
    environment,
    adapters,
    database,
    buckets,
    channel,
    running: () => running,
    startWorkers: async () => {
      const workers = await runWorkers({
        ...toWorkersPlan(config, adapters),
        stickyTimeoutMs: 200,
        shutdownGraceMs: 2_000,
        shutdownForceMs: 4_000,
      })
      running.push(workers)
      return workers
    },
    row: async (attachmentId) => {
      const { rows } = await database.superuser.query<AttachmentRow>('select * from attachments where id = $1', [attachmentId])
      if (rows[0] === undefined) throw new Error('no such attachment')
      return rows[0]
    },
    scanOutcome: (attachmentId, attempt = 1) => adapters.client.workflow.getHandle(scanAttachmentId(attachmentId, attempt)).result(),
    close: async () => {
      await Promise.all(running.map((workers) => workers.drain()))
      await adapters.close()
      await buckets.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const toEnvironment = async (
  name: string,
  folder: string,
  database: TestDatabase,
  buckets: TestBuckets,
): Promise<Record<string, string>> => {
  const stack = inject('stack')
  const keyFolder = join(folder, 'keys')
  const payloadKeyRingFile = join(folder, 'ring.json')
  await ensurePayloadKeyRing(await openLocalKeyService(keyFolder), payloadKeyRingFile)
  return {
    HALLPASS_REGION: stack.region,
    DATABASE_URL_APP: database.urls.app,
    DATABASE_URL_RELAY: database.urls.relay,
    DATABASE_URL_SWEEPER: database.urls.sweeper,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    TEMPORAL_UI_URL: stack.temporal.ui,
    S3_ENDPOINT: stack.s3.endpoint,
    S3_REGION: stack.s3.region,
    S3_SCANNER_ACCESS_KEY: stack.s3.scanner.accessKeyId,
    S3_SCANNER_SECRET_KEY: stack.s3.scanner.secretAccessKey,
    S3_BUCKET_INCOMING: buckets.names.incoming,
    S3_BUCKET_CLEAN: buckets.names.clean,
    S3_BUCKET_QUARANTINE: buckets.names.quarantine,
    CLAMD_HOST: stack.clamd.host,
    CLAMD_PORT: String(stack.clamd.port),
    SMTP_URL: stack.mail.smtp,
    PAGER_URL: stack.pager.url,
    PAGER_ROUTING_KEY: stack.pager.routingKey,
    KEY_FILE: keyFolder,
    PAYLOAD_KEY_RING_FILE: payloadKeyRingFile,
    TASK_QUEUE_ATTACHMENTS: `attachments-${name}`,
    TASK_QUEUE_MAINTENANCE: `maintenance-${name}`,
  }
}

const createActs = (config: WorkerConfig, { app, client, districtKeys }: Adapters, channel: SeededChannel, database: TestDatabase) => {
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

  const addTicket: AttachmentWorld['addTicket'] = async ({ contentType = 'text/plain', ticketSeconds = 600 } = {}) => {
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

  const upload: AttachmentWorld['upload'] = async (attachmentId, content) => {
    const { key, contentType } = present(keyAndType.get(attachmentId))
    const { url, fields } = await signer.signUpload({ key, contentType, bytesMax: 10_000_000, expiresInSeconds: 600 })
    const form = new FormData()
    for (const [field, value] of Object.entries(fields)) form.append(field, value)
    form.append('file', new Blob([new Uint8Array(content)], { type: contentType }))
    const answer = await fetch(url, { method: 'POST', body: form })
    if (answer.status !== 201) throw new Error(`the store answered ${answer.status}`)
  }

  const complete: AttachmentWorld['complete'] = async (attachmentId) => {
    const start = await withDistrict(app, districtId, (tx) =>
      completeAttachment(tx, { attachmentId, actorId: teacherId, startFor: scanFor }),
    )
    if (start === null) throw new Error('the completion was refused')
    return start
  }

  const start: AttachmentWorld['start'] = ({ type, workflowId, taskQueue: queue, input }) =>
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

import { v7 as newId } from 'uuid'
import type { Client } from 'pg'
import { randomBytes } from 'node:crypto'
import { withDistrict } from '../../db/openDatabase.ts'
import type { Database, DistrictTransaction } from '../../db/openDatabase.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { closeScan } from '../../db/queries/closeScan.ts'
import { completeAttachment } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import type { StartFor } from '../../db/queries/enqueueWorkflow.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { placeVerdict } from '../../db/queries/placeVerdict.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

/** Asks for a scan. */
export const startFor: StartFor = ({ districtId, attachmentId, attempt }) => ({
  type: 'scanAttachment',
  workflowId: `scan-attachment:${attachmentId}:${attempt}`,
  taskQueue: 'attachments',
  input: { districtId, attachmentId, attempt },
})

/** A district whose teacher has an upload ticket in the channel with the student. `in` works there as the application. */
export type World = SampleDistrict & {
  superuser: Client
  channelId: string
  attachmentId: string
  in<T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T>
}

export const createTicketWorld = async (test: TestDatabase, app: Database): Promise<World> => {
  const district = await createSampleDistrict(test.superuser)
  const { districtId, teacherId, studentId } = district
  const within = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> => withDistrict(app, districtId, work)
  const opened = await within((tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
  const channelId = opened?.channel.id ?? ''
  const attachmentId = newId()
  await within((tx) =>
    createAttachment(tx, {
      id: attachmentId,
      channelId,
      uploaderId: teacherId,
      fileName: randomBytes(40),
      contentType: 'application/pdf',
      bytes: 1_000,
      ticketSeconds: 600,
    }),
  )
  return { ...district, superuser: test.superuser, channelId, attachmentId, in: within }
}

/** As its uploader. */
export const complete = (world: World) => world.in((tx) => completeAttachment(tx, { ...world, actorId: world.teacherId, startFor }))
/** As its uploader, alone on a message. */
export const post = (world: World) =>
  world.in((tx) =>
    postMessage(tx, {
      id: newId(),
      channelId: world.channelId,
      authorId: world.teacherId,
      body: randomBytes(9),
      attachmentIds: [world.attachmentId],
    }),
  )
/** What the row says of how far it has come. */
export const stateOf = async ({ superuser, attachmentId }: World) =>
  (await superuser.query('select state, attempt, verdict, incoming_version_id from attachments where id = $1', [attachmentId])).rows[0]
/** What was done in its district, in order. */
export const auditOf = async ({ superuser, districtId }: World): Promise<string[]> =>
  (await superuser.query('select action from audit_entries where district_id = $1 order by id', [districtId])).rows.map(
    ({ action }) => action,
  )
/** What an engine says of a harmless file. */
export const findings = { signature: null, engine: 'engine', databaseVersion: '1', sha256: 'ab'.repeat(32), sniffedType: 'application/pdf' }

/** Takes the attachment to `clean`, with a key for its object. */
export const release = async (world: World): Promise<void> => {
  await complete(world)
  await world.in(async (tx) => {
    await addObjectKey(tx, { objectKey: `clean-${world.attachmentId}`, keyName: `district/${world.districtId}`, wrapped: randomBytes(60) })
    const clean = {
      verdict: 'clean',
      cleanKey: `clean-${world.attachmentId}`,
      cleanBytes: 900,
      cleanContentType: 'application/pdf',
    } as const
    await placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean })
    await closeScan(tx, world.attachmentId, 1)
  })
}

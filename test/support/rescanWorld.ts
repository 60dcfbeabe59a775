import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { recordDownload } from '../../db/queries/recordDownload.ts'
import type { Pager } from '../../domain/ports.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { rescanAttachmentId } from '../../workflows/contract.ts'
import type { RescanRound } from '../../workflows/rescanAttachments.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from './attachmentWorld.ts'
import { present } from './present.ts'
import { startFaultyWorkers } from './startFaultyWorkers.ts'
import { startTcpGate, type TcpGate } from './tcpGate.ts'
import { startVersionedClamd, type VersionedClamd } from './versionedClamd.ts'

/** Before these activities something may happen. */
const hooked = ['lookAgain', 'quarantineObject', 'quarantineWithdrawn', 'closeAttachment'] as const

type Faults = { pager?: Pager; before?: Partial<Record<(typeof hooked)[number], (ref: { attachmentId: string }) => Promise<void>>> }

/** A world whose engine has a database with a number, which grows, and learns malware. */
export type RescanWorld = {
  world: AttachmentWorld
  clamd: VersionedClamd
  /** In front of the engine. */
  gate: TcpGate
  /** The engine has a newer database from now on: this one. */
  newVersion(): string
  /** A round, and what came of it. */
  round(): Promise<RescanRound>
  startRound(): ReturnType<typeof start>
  /** The run that looks at one file again. */
  startLook(id: string, databaseVersion: string): ReturnType<typeof start>
  /** The runs that the outbox holds are started, and this one is waited for. */
  untilWithdrawn(id: string, databaseVersion: string): Promise<unknown>
  sendClean(content: string): Promise<string>
  post(id: string): Promise<void>
  download(id: string, actorId?: string): ReturnType<typeof recordDownload>
  /** What the database keeps of later looks. */
  row(id: string): Promise<Record<string, unknown>>
  /** As if everything had been looked at longer ago than files rest. */
  letTimePass(): Promise<unknown>
  /** As if every file there is were older than rounds look back. */
  forgetEarlier(): Promise<unknown>
  /** Does `act` while the workers have these faults. They are not restarted for it, which takes seconds. */
  withFaults<T>(faults: Faults, act: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const start = (world: AttachmentWorld, workflow: string, workflowId: string, taskQueue: string, args: unknown[]) =>
  world.adapters.client.workflow.start(workflow, { workflowId, taskQueue, args })

export const createRescanWorld = async (change: Parameters<typeof createAttachmentWorld>[0] = {}): Promise<RescanWorld> => {
  let version = 27_000
  const clamd = await startVersionedClamd(String(version))
  const gate = await startTcpGate(clamd)
  const world = await createAttachmentWorld({
    clamd: { host: '127.0.0.1', port: gate.port },
    pace: { ...testPace, attemptsPerRound: 1 },
    ...change,
  })
  const faults: Faults = {}
  const workers = await startFaultyWorkers(world, {
    adapters: { pager: { raise: (alert) => (faults.pager ?? world.adapters.pager).raise(alert) } },
    before: Object.fromEntries(hooked.map((name) => [name, async (ref) => faults.before?.[name]?.(ref)])),
  })
  const { superuser } = world.database
  const { districtId, channelId, teacherId, studentId } = world.channel
  const { attachments, maintenance } = world.config.taskQueues
  const startRound = () => start(world, 'rescanAttachments', `round-${newId()}`, maintenance, [])
  return {
    world,
    clamd,
    gate,
    newVersion: () => {
      version += 1
      clamd.setVersion(String(version))
      return String(version)
    },
    startRound,
    round: async () => (await (await startRound()).result()) as RescanRound,
    startLook: (id, databaseVersion) =>
      start(world, 'rescanAttachment', rescanAttachmentId(id, databaseVersion), attachments, [
        { districtId, attachmentId: id, databaseVersion },
      ]),
    untilWithdrawn: async (id, databaseVersion) => {
      await relayOutbox({ ...world.adapters, ageSeconds: 0 })
      return world.adapters.client.workflow.getHandle(rescanAttachmentId(id, databaseVersion)).result()
    },
    sendClean: async (content) => {
      const id = await world.send(Buffer.from(content), 'text/plain')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
      return id
    },
    post: async (id) => {
      const message = { id: newId(), channelId, authorId: teacherId, body: randomBytes(9), attachmentIds: [id] }
      await withDistrict(world.adapters.app, districtId, (tx) => postMessage(tx, message))
    },
    download: (id, actorId = studentId) =>
      withDistrict(world.adapters.app, districtId, (tx) => recordDownload(tx, { attachmentId: id, actorId })),
    row: async (id) => {
      const { rows } = await superuser.query<Record<string, unknown>>(
        'select state, signature, database_version, rescan_version, rescan_outcome, withdrawn_by, clean_key, quarantine_key from attachments where id = $1',
        [id],
      )
      return present(rows[0])
    },
    letTimePass: () => superuser.query(`update attachments set rescanned_at = rescanned_at - interval '25 hours'`),
    forgetEarlier: () => superuser.query(`update attachments set created_at = created_at - interval '400 days' where state = 'clean'`),
    withFaults: async (injected, act) => {
      Object.assign(faults, injected)
      try {
        return await act()
      } finally {
        delete faults.pager
        delete faults.before
      }
    },
    close: async () => {
      await workers.drain()
      await world.close()
      await gate.stop()
      await clamd.stop()
    },
  }
}

import { createHash } from 'node:crypto'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { makePhoto } from '../../demo/corpus/makeImage.ts'
import { withCanary } from '../support/canary.ts'
import { atPoint, type CrashLane } from './crashLane.ts'
import type { Scenario } from './scenario.ts'

const harmless = (): Buffer => Buffer.from(withCanary('harmless'))
const photo = (): Promise<Buffer> => makePhoto('jpeg', { width: 64, height: 48 }, 120)
const completed = { 'attachment.complete': 1 }
const infected = { state: 'quarantined', kept: 'quarantine', isAlerted: true, isToldToUploader: true, audit: completed } as const
const refused = { state: 'refused', isToldToUploader: true, audit: completed } as const
const deleted = { ...completed, 'attachment.delete': 1 }

/** Uploads, completes and waits for the end of the scan, as it ends or fails. */
const scan = async ({ world }: CrashLane, content: Buffer, contentType: string): Promise<string> => {
  const id = await world.send(content, contentType)
  await world.scanOutcome(id).catch(() => undefined)
  return id
}

const scanOf = (
  name: string,
  ending: Scenario['ending'],
  content: () => Buffer | Promise<Buffer>,
  contentType = 'text/plain',
): Scenario => ({
  name,
  ending,
  walk: async (lane, arm) => {
    await arm()
    return scan(lane, await content(), contentType)
  },
})

/** The uploader takes it back while the worker stands at this point. */
const deletedAt = (name: string, at: ReturnType<typeof atPoint>, content: () => Buffer, ending: Scenario['ending']): Scenario => ({
  name,
  ending,
  walk: async (lane, arm) => {
    const { world } = lane
    const id = await world.addTicket()
    await world.upload(id, content())
    await arm()
    await lane.holdAt(at, async () => world.start(await world.remove(id)))
    await world.start(await world.complete(id))
    await world.scanOutcome(id)
    await world.adapters.client.workflow.getHandle(`remove-attachment:${id}:1`).result()
    return id
  },
})

export const scanScenarios: readonly Scenario[] = [
  scanOf('a clean text', { state: 'clean', kept: 'clean', audit: completed }, harmless),
  scanOf('a clean text that is stored in parts', { state: 'clean', kept: 'clean' }, () => Buffer.alloc(6_000_000, withCanary('long '))),
  scanOf('a picture that is rewritten', { state: 'clean', kept: 'clean' }, photo, 'image/jpeg'),
  scanOf('malware', infected, makeEicar),
  {
    name: 'malware that the engine no longer knows',
    ending: infected,
    walk: async (lane, arm) => {
      const content = harmless()
      await lane.world.database.superuser.query(
        `insert into bad_hashes (district_id, sha256, signature, engine, database_version) values ($1, $2, 'Test.Known', 'ClamAV 1', '1')`,
        [lane.world.channel.districtId, createHash('sha256').update(content).digest()],
      )
      await arm()
      return scan(lane, content, 'text/plain')
    },
  },
  scanOf('a text that says that it is a picture', refused, harmless, 'image/png'),
  {
    name: 'an empty file',
    ending: refused,
    walk: async ({ world, ...lane }, arm) => {
      const id = await world.addTicket()
      await world.buckets.put('incoming', (await world.row(id)).incoming_key, Buffer.alloc(0))
      await arm()
      await world.start(await world.complete(id))
      await world.scanOutcome(id)
      void lane
      return id
    },
  },
  {
    name: 'a picture of which the rewritten form does not pass',
    ending: infected,
    walk: async (lane, arm) => {
      await lane.findMalwareInRewritten(true)
      await arm()
      const id = await scan(lane, await photo(), 'image/jpeg')
      await lane.findMalwareInRewritten(false)
      return id
    },
  },
  {
    name: 'an upload that is completed before it is there',
    ending: { state: 'awaiting-upload', attempt: 2, audit: completed },
    walk: async ({ world }, arm) => {
      const id = await world.addTicket()
      await arm()
      await world.start(await world.complete(id))
      await world.scanOutcome(id)
      return id
    },
  },
  {
    name: 'a pinned version that is gone',
    ending: { state: 'failed', audit: { ...completed, 'attachment.fail': 1 } },
    walk: async ({ world }, arm) => {
      const id = await world.addTicket()
      await world.upload(id, harmless())
      const start = await world.complete(id)
      await world.database.superuser.query(`update attachments set incoming_version_id = 'gone' where id = $1`, [id])
      await arm()
      await world.start(start)
      await world.scanOutcome(id).catch(() => undefined)
      return id
    },
  },
  deletedAt('a deletion during the scan', atPoint('inspectObject', 'before', 'scanner.scan'), harmless, {
    state: 'deleted',
    audit: deleted,
  }),
  deletedAt('a deletion of malware during the scan', atPoint('inspectObject', 'before', 'scanner.scan'), makeEicar, {
    state: 'deleted',
    isAlerted: true,
    isFoundIn: 'inspectObject',
    audit: deleted,
  }),
  deletedAt('a deletion during the release', atPoint('releaseObject', 'after', 'clean.write'), harmless, {
    state: 'deleted',
    audit: deleted,
  }),
  deletedAt('a deletion of malware during its quarantine', atPoint('quarantineObject', 'after', 'quarantine.write'), makeEicar, {
    state: 'deleted',
    isAlerted: true,
    audit: deleted,
  }),
  {
    name: 'a deletion of a clean file',
    ending: { state: 'deleted', audit: deleted },
    walk: async (lane, arm) => {
      const { world } = lane
      const id = await scan(lane, harmless(), 'text/plain')
      await arm()
      const removal = await world.remove(id)
      await world.start(removal)
      await world.adapters.client.workflow.getHandle(removal.workflowId).result()
      return id
    },
  },
]

import { createHash } from 'node:crypto'
import { atPoint } from './crashCrew.ts'
import { makeHarmless, makeLong, makeMalware, makePicture } from './freshFiles.ts'
import type { Scenario, Stage } from './scenario.ts'

const completed = { 'attachment.complete': 1 }
const infected = { state: 'quarantined', kept: 'quarantine', isAlerted: true, isToldToUploader: true, audit: completed } as const
const refused = { state: 'refused', isToldToUploader: true, audit: completed } as const
const deleted = { ...completed, 'attachment.delete': 1 }

/** Uploads, lets there be a death from then on, completes, and waits for the end of the scan, as it ends or fails. */
const scan = async ({ world, arm }: Stage, content: Buffer, contentType: string, prepare = async (_id: string) => {}): Promise<string> => {
  const id = await world.addTicket({ contentType })
  await world.upload(id, content)
  await prepare(id)
  await arm(id)
  await world.start(await world.complete(id))
  await world.scanOutcome(id).catch(() => undefined)
  return id
}

const scanOf = (
  name: string,
  ending: Scenario['ending'],
  content: () => Buffer | Promise<Buffer>,
  contentType = 'text/plain',
): Scenario => ({ name, ending, walk: async (stage) => scan(stage, await content(), contentType) })

/** The clean bucket takes nothing while it is inspected. */
const storedLater = (name: string, content: () => Buffer | Promise<Buffer>, contentType: string): Scenario => ({
  name,
  ending: { state: 'clean', kept: 'clean', audit: completed },
  walk: async (stage) => scan(stage, await content(), contentType, (subjectId) => stage.plant({ subjectId, fault: 'clean-closed' })),
})

/** The uploader takes it back while the worker stands at this point. */
const deletedAt = (name: string, at: ReturnType<typeof atPoint>, content: () => Buffer, ending: Scenario['ending']): Scenario => ({
  name,
  ending,
  walk: async ({ world, arm, holdAt }) => {
    const id = await world.addTicket()
    await world.upload(id, content())
    await holdAt(id, at, async () => world.start(await world.remove(id)))
    await arm(id)
    await world.start(await world.complete(id))
    await world.scanOutcome(id)
    await world.adapters.client.workflow.getHandle(`remove-attachment:${id}:1`).result()
    return id
  },
})

export const scanScenarios: readonly Scenario[] = [
  scanOf('a clean text', { state: 'clean', kept: 'clean', audit: completed }, makeHarmless),
  scanOf('a clean text that is stored in parts', { state: 'clean', kept: 'clean' }, makeLong),
  scanOf('a picture that is rewritten', { state: 'clean', kept: 'clean' }, makePicture, 'image/jpeg'),
  storedLater('a clean text that is stored later', makeHarmless, 'text/plain'),
  storedLater('a picture that is rewritten and stored later', makePicture, 'image/jpeg'),
  scanOf('malware', infected, makeMalware),
  {
    name: 'malware that the engine no longer knows',
    ending: infected,
    walk: async (stage) => {
      const { channel, database } = stage.world
      const content = makeHarmless()
      await database.superuser.query(
        `insert into bad_hashes (district_id, sha256, signature, engine, database_version) values ($1, $2, 'Test.Known', 'ClamAV 1', '1')`,
        [channel.districtId, createHash('sha256').update(content).digest()],
      )
      return scan(stage, content, 'text/plain')
    },
  },
  scanOf('a text that says that it is a picture', refused, makeHarmless, 'image/png'),
  {
    name: 'an empty file',
    ending: refused,
    walk: async ({ world, arm }) => {
      const id = await world.addTicket()
      await world.buckets.put('incoming', (await world.row(id)).incoming_key, Buffer.alloc(0))
      await arm(id)
      await world.start(await world.complete(id))
      await world.scanOutcome(id)
      return id
    },
  },
  {
    name: 'a picture of which the rewritten form does not pass',
    ending: infected,
    walk: async (stage) =>
      scan(stage, await makePicture(), 'image/jpeg', (subjectId) => stage.plant({ subjectId, fault: 'malware-in-rewritten' })),
  },
  {
    name: 'an upload that is completed before it is there',
    ending: { state: 'awaiting-upload', attempt: 2, audit: completed },
    walk: async ({ world, arm }) => {
      const id = await world.addTicket()
      await arm(id)
      await world.start(await world.complete(id))
      await world.scanOutcome(id)
      return id
    },
  },
  {
    name: 'a pinned version that is gone',
    ending: { state: 'failed', audit: { ...completed, 'attachment.fail': 1 } },
    walk: async ({ world, arm }) => {
      const id = await world.addTicket()
      await world.upload(id, makeHarmless())
      const start = await world.complete(id)
      await world.database.superuser.query(`update attachments set incoming_version_id = 'gone' where id = $1`, [id])
      await arm(id)
      await world.start(start)
      await world.scanOutcome(id).catch(() => undefined)
      return id
    },
  },
  deletedAt('a deletion during the scan', atPoint('inspectObject', 'before', 'scanner.scan'), makeHarmless, {
    state: 'deleted',
    audit: deleted,
  }),
  deletedAt('a deletion of malware during the scan', atPoint('inspectObject', 'before', 'scanner.scan'), makeMalware, {
    state: 'deleted',
    isAlerted: true,
    isHashKept: true,
    // Before the commit that keeps the finding.
    isLostAt: ({ activity, name, when }) => activity === 'inspectObject' && !(name === 'commit' && when === 'after'),
    audit: deleted,
  }),
  deletedAt('a deletion during the release', atPoint('inspectObject', 'after', 'clean.write'), makeHarmless, {
    state: 'deleted',
    audit: deleted,
  }),
  deletedAt('a deletion of malware during its quarantine', atPoint('quarantineObject', 'after', 'quarantine.write'), makeMalware, {
    state: 'deleted',
    isAlerted: true,
    isHashKept: true,
    audit: deleted,
  }),
  {
    name: 'a deletion of a clean file',
    ending: { state: 'deleted', audit: deleted },
    walk: async ({ world, arm }) => {
      const id = await world.send(makeHarmless(), 'text/plain')
      await world.scanOutcome(id)
      await arm(id)
      const removal = await world.remove(id)
      await world.start(removal)
      await world.adapters.client.workflow.getHandle(removal.workflowId).result()
      return id
    },
  },
]

import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { knownBad, rescanAttachmentId } from '../../workflows/contract.ts'
import { present } from '../support/present.ts'
import { actionsOn } from '../support/sinks.ts'
import { makeHarmless } from './freshFiles.ts'
import type { Ending, Scenario, Stage } from './scenario.ts'

const completed = { 'attachment.complete': 1 }
const clean: Ending = { state: 'clean', kept: 'clean', audit: completed }
const withdrawn: Ending = {
  state: 'quarantined',
  kept: 'quarantine',
  isAlerted: 'attachment-withdrawn:Test.Known',
  isToldToUploader: true,
  audit: { ...completed, 'attachment.withdraw': 1 },
}
/** The stack's database has no number. */
const databaseVersion = 'local'

const scanClean = async ({ world }: Stage, content = makeHarmless()): Promise<string> => {
  const id = await world.send(content, 'text/plain')
  await world.scanOutcome(id)
  return id
}

const lookAgain = async ({ world }: Stage, attachmentId: string, version: string): Promise<void> => {
  const { districtId } = world.channel
  const look = () =>
    world.adapters.client.workflow.execute('rescanAttachment', {
      workflowId: rescanAttachmentId(attachmentId, version),
      taskQueue: world.config.taskQueues.attachments,
      args: [{ districtId, attachmentId, databaseVersion: version }],
    })
  // Whoever is to be told is tried a few times only; then a round takes the run up again.
  await look().catch(look)
}

const makeKnownAsBad = ({ world }: Stage, attachmentId: string): Promise<unknown> =>
  world.database.superuser.query(
    `insert into bad_hashes (district_id, sha256, signature, engine, database_version)
     select district_id, sha256, 'Test.Known', 'ClamAV 1', '1' from attachments where id = $1`,
    [attachmentId],
  )

/** What the rows say of the looks. */
const looksAt = async ({ world }: Stage, ids: readonly string[]): Promise<(string | null)[]> => {
  const { rows } = await world.database.superuser.query<{ id: string; outcome: string | null }>(
    'select id, rescan_outcome as outcome from attachments where id = any($1)',
    [ids],
  )
  return ids.map((id) => present(rows.find((row) => row.id === id)).outcome)
}

/** Temporal lists a run a moment after its beginning. */
const expectOneRunEach = ({ world }: Stage, workflowIds: readonly string[]): Promise<void> =>
  vi.waitFor(
    async () => {
      for (const workflowId of workflowIds) {
        const { count } = await world.adapters.client.workflow.count(`WorkflowId = '${workflowId}'`)
        expect(count).toBe(1)
      }
    },
    { timeout: 20_000, interval: 100 },
  )

const round: Scenario = {
  name: 'a round that finds one file bad, and one that the engine does not look at in full',
  isAlone: true,
  ending: clean,
  walk: async (stage) => {
    const { world } = stage
    const [passing, bad, unread] = [await scanClean(stage), await scanClean(stage), await scanClean(stage)]
    await makeKnownAsBad(stage, bad)
    await stage.plant({ subjectId: unread, fault: 'not-inspected-again' })
    await world.database.superuser.query(`update attachments set database_version = '1'`)
    const alertKey = `rescan-not-inspected:${databaseVersion}`
    const before = (await actionsOn(alertKey)).length
    await stage.arm(null)
    const counted = await world.adapters.client.workflow.execute('rescanAttachments', {
      workflowId: `round-${randomBytes(6).toString('hex')}`,
      taskQueue: world.config.taskQueues.maintenance,
    })
    const counts = { passed: 1, withdrawn: 1, 'not-inspected': 1, superseded: 0, postponed: 0, failed: 0, skipped: 0 }
    expect(counted).toEqual({ outcome: 'seen-all', databaseVersion, counts })
    expect(await looksAt(stage, [passing, bad, unread])).toEqual(['passed', null, 'not-inspected'])
    const runs = [
      rescanAttachmentId(passing, databaseVersion),
      rescanAttachmentId(bad, knownBad),
      rescanAttachmentId(unread, databaseVersion),
    ]
    await expectOneRunEach(stage, runs)
    expect((await actionsOn(alertKey)).length).toBeGreaterThan(before)
    return [passing, { id: bad, ending: withdrawn }, unread]
  },
}

export const rescanScenarios: readonly Scenario[] = [
  {
    name: 'a clean file that passes again',
    ending: clean,
    walk: async (stage) => {
      const id = await scanClean(stage)
      await stage.arm(id)
      await lookAgain(stage, id, databaseVersion)
      return id
    },
  },
  {
    name: 'a clean file whose bytes become known as bad',
    ending: withdrawn,
    walk: async (stage) => {
      const id = await scanClean(stage)
      await makeKnownAsBad(stage, id)
      await stage.arm(id)
      await lookAgain(stage, id, knownBad)
      return id
    },
  },
  {
    name: 'a clean file and its copy, whose bytes become known as bad',
    isAlone: true,
    ending: withdrawn,
    walk: async (stage) => {
      const content = makeHarmless()
      const [id, copy] = [await scanClean(stage, content), await scanClean(stage, content)]
      await makeKnownAsBad(stage, id)
      await stage.arm(id)
      await lookAgain(stage, id, knownBad)
      await stage.relay()
      await stage.world.adapters.client.workflow.getHandle(rescanAttachmentId(copy, knownBad)).result()
      return [id, copy]
    },
  },
  round,
]

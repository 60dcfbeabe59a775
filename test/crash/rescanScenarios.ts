import { knownBad, rescanAttachmentId } from '../../workflows/contract.ts'
import { makeHarmless } from './freshFiles.ts'
import type { Scenario, Stage } from './scenario.ts'

const completed = { 'attachment.complete': 1 }

const scanClean = async ({ world }: Stage): Promise<string> => {
  const id = await world.send(makeHarmless(), 'text/plain')
  await world.scanOutcome(id)
  return id
}

const lookAgain = async ({ world }: Stage, attachmentId: string, databaseVersion: string): Promise<void> => {
  const { districtId } = world.channel
  const look = () =>
    world.adapters.client.workflow.execute('rescanAttachment', {
      workflowId: rescanAttachmentId(attachmentId, databaseVersion),
      taskQueue: world.config.taskQueues.attachments,
      args: [{ districtId, attachmentId, databaseVersion }],
    })
  // Whoever is to be told is tried a few times only; then a round takes the run up again.
  await look().catch(look)
}

export const rescanScenarios: readonly Scenario[] = [
  {
    name: 'a clean file that passes again',
    ending: { state: 'clean', kept: 'clean', audit: completed },
    walk: async (stage) => {
      const id = await scanClean(stage)
      await stage.arm(id)
      await lookAgain(stage, id, 'local')
      return id
    },
  },
  {
    name: 'a clean file whose bytes become known as bad',
    ending: {
      state: 'quarantined',
      kept: 'quarantine',
      isAlerted: 'attachment-withdrawn:Test.Known',
      isToldToUploader: true,
      audit: { ...completed, 'attachment.withdraw': 1 },
    },
    walk: async (stage) => {
      const id = await scanClean(stage)
      await stage.world.database.superuser.query(
        `insert into bad_hashes (district_id, sha256, signature, engine, database_version)
         select district_id, sha256, 'Test.Known', 'ClamAV 1', '1' from attachments where id = $1`,
        [id],
      )
      await stage.arm(id)
      await lookAgain(stage, id, knownBad)
      return id
    },
  },
]

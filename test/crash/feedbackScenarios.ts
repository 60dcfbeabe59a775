import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import type { TestQueue } from '../support/startFeedbackQueue.ts'
import { toStudentEmail } from './rosterFeeds.ts'
import type { RosterEnding } from './rosterSettled.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { rosterScenario, stays } from './syncScenarios.ts'

/** `queueOf`: of a world, for whoever takes from a queue takes what is in it. */
export const createFeedbackScenarios = (queueOf: (world: AttachmentWorld) => TestQueue): readonly Scenario<RosterEnding>[] => [
  {
    // It takes whatever is in the queue.
    isAlone: true,
    ...rosterScenario({
      name: 'a mail that bounced after it was taken',
      ending: { syncs: ['applied'], mails: [], alerts: [] },
      access: stays,
      happen: async (stage) => {
        const { districtId } = stage
        const queue = queueOf(stage.world)
        const bouncedRecipients = [{ emailAddress: toStudentEmail(districtId) }]
        const tags = { district: [districtId], person: [await stage.find('u1')] }
        queue.put(JSON.stringify({ eventType: 'Bounce', bounce: { bounceType: 'Permanent', bouncedRecipients }, mail: { tags } }))
        await sweep(stage, 'takeFeedback')
        // What a worker took along that died comes again.
        queue.showAgain()
        await sweep(stage, 'takeFeedback')
      },
    }),
  },
]

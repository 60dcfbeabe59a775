import { describeMachine, type BenchDocument, type Measured } from '../bench.ts'
import { measureAnnouncements } from './measureAnnouncements.ts'
import { measureEvents } from './measureEvents.ts'
import { measurePosts } from './measurePosts.ts'
import { measureReads } from './measureReads.ts'
import { fullMessaging, quickMessaging } from './messagingSize.ts'
import { openMessagingWorld } from './messagingWorld.ts'

const tell = (line: string): void => void process.stderr.write(`› ${line}\n`)

/** Measures posts against an encrypted INSERT, and whether reads and announcements stay as fast when there is much. */
export const benchMessaging = async ({ isQuick }: { isQuick: boolean }): Promise<BenchDocument> => {
  const size = isQuick ? quickMessaging : fullMessaging
  tell('starting servers, API and worker')
  const world = await openMessagingWorld(size)
  try {
    const parts: Measured[] = []
    // What is announced keeps the worker busy for a while with whom to notify, so it comes last.
    tell(`reads among ${size.few} messages, and among ${size.many}`)
    parts.push(await measureReads(world, size))
    tell('posts')
    parts.push(await measurePosts(world, size))
    tell(`${size.streams} open clients`)
    parts.push(await measureEvents(world, size))
    tell(`announcements to ${size.small} and to ${size.large}`)
    parts.push(await measureAnnouncements(world, size))
    return {
      bench: 'messaging',
      machine: describeMachine(),
      ratios: Object.assign({}, ...parts.map(({ ratios }) => ratios)) as Measured['ratios'],
      figures: Object.assign({}, ...parts.map(({ figures }) => figures)) as Measured['figures'],
    }
  } finally {
    await world.close()
  }
}

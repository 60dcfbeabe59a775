import { atMost, median, roundFigures, type Measured } from '../bench.ts'
import type { MessagingSize } from './messagingSize.ts'
import type { MessagingWorld } from './messagingWorld.ts'

/** Announcements to a small section and to a large one, in turns. */
export const measureAnnouncements = async ({ client, sections }: MessagingWorld, { announcements }: MessagingSize): Promise<Measured> => {
  const announce = async (id: string): Promise<number> => {
    const began = performance.now()
    const answer = await client.v1.sections[':id'].announcements.$post({
      param: { id },
      json: { text: 'No school on Friday.', recipients: 'both' },
    })
    await answer.json()
    if (answer.status !== 201) throw new Error(`an announcement was answered with HTTP ${answer.status}`)
    return performance.now() - began
  }
  const [small, large]: [number[], number[]] = [[], []]
  for (let n = 0; n < announcements + 10; n += 1) {
    const took = [await announce(sections.small), await announce(sections.large)] as const
    if (n < 10) continue
    small.push(took[0])
    large.push(took[1])
  }
  return {
    ratios: { announcement_large_over_small: atMost(median(large) / median(small), 1.1) },
    figures: roundFigures({ announcement_small_p50_ms: median(small), announcement_large_p50_ms: median(large) }),
  }
}

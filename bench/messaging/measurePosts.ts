import { atMost, median, roundFigures, type Measured } from '../bench.ts'
import type { MessagingSize } from './messagingSize.ts'
import type { MessagingWorld } from './messagingWorld.ts'
import { startFloorServer } from './startFloorServer.ts'

/** As long as a message that a teacher writes. */
const text = 'Please bring the signed form for the museum on Thursday; the bus leaves at a quarter past eight. '.repeat(2)

/** One post, with its answer read to the end. */
type Post = (n: number) => Promise<void>

const createPost =
  (toUrl: (n: number) => string, headers: Record<string, string>): Post =>
  async (n) => {
    const answer = await fetch(toUrl(n), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ text }),
    })
    await answer.arrayBuffer()
    if (answer.status !== 201) throw new Error(`a post was answered with HTTP ${answer.status}`)
  }

const timeEach = async (post: Post, count: number): Promise<number[]> => {
  const took: number[] = []
  for (let n = 0; n < count; n += 1) {
    const began = performance.now()
    await post(n)
    took.push(performance.now() - began)
  }
  return took
}

/** Posts a second, of so many clients who each post in a channel of their own. */
const countPerSecond = async (post: Post, { clients, seconds }: Pick<MessagingSize, 'clients' | 'seconds'>): Promise<number> => {
  const began = performance.now()
  let done = 0
  const drive = async (client: number): Promise<void> => {
    while (performance.now() - began < seconds * 1_000) {
      await post(client)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => drive(client)))
  return (done * 1_000) / (performance.now() - began)
}

/** Posts, in turns with an encrypted INSERT behind the same HTTP server. */
export const measurePosts = async (world: MessagingWorld, size: MessagingSize): Promise<Measured> => {
  const floor = await startFloorServer(world.stack.postgres.urls.superuser)
  try {
    const channelOf = (n: number): string => world.channelIds[n % world.channelIds.length] ?? ''
    const ours = createPost((n) => `${world.apiUrl}/v1/channels/${channelOf(n)}/messages`, { Authorization: `Bearer ${world.token}` })
    const theirs = createPost(() => `${floor.url}/messages`, {})
    const [took, tookFloor, rate, rateFloor]: [number[], number[], number[], number[]] = [[], [], [], []]
    for (const post of [ours, theirs]) await timeEach(post, 50)
    for (let round = 0; round < size.rounds; round += 1) {
      took.push(...(await timeEach(ours, size.posts)))
      tookFloor.push(...(await timeEach(theirs, size.posts)))
      rate.push(await countPerSecond(ours, size))
      rateFloor.push(await countPerSecond(theirs, size))
    }
    return {
      ratios: { post_p50_over_floor: atMost(median(took) / median(tookFloor), 2.5) },
      figures: roundFigures({
        post_p50_ms: median(took),
        post_floor_p50_ms: median(tookFloor),
        posts_per_second: median(rate),
        posts_floor_per_second: median(rateFloor),
        posts_per_second_over_floor: median(rate) / median(rateFloor),
      }),
    }
  } finally {
    await floor.stop()
  }
}

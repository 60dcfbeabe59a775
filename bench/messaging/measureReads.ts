import { readDistrict } from '../../db/openDatabase.ts'
import { openDatabase, type Database } from '../../db/openDatabase.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import { listMessages } from '../../db/queries/listMessages.ts'
import { atMost, median, roundFigures, type Measured } from '../bench.ts'
import { fillMessages } from './fillMessages.ts'
import type { MessagingSize } from './messagingSize.ts'
import type { MessagingWorld } from './messagingWorld.ts'

const time = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await act()
  return performance.now() - began
}

type Reads = { list: number[]; history: number[] }

/** The list of conversations and the newest page of one, over HTTP. */
const readAll = async ({ client, channelIds }: MessagingWorld, count: number): Promise<Reads> => {
  const reads: Reads = { list: [], history: [] }
  for (let n = 0; n < count; n += 1) {
    reads.list.push(await time(async () => (await client.v1.channels.$get({ query: { limit: '20' } })).json()))
    const param = { id: channelIds[n % channelIds.length] ?? '' }
    reads.history.push(await time(async () => (await client.v1.channels[':id'].messages.$get({ param, query: { limit: '50' } })).json()))
  }
  return reads
}

/** The same two as statements, by a role that row-level security keeps, and by one that it does not. */
const readBare = async ({ districtId, teacherId, channelIds }: MessagingWorld, database: Database, n: number): Promise<number> =>
  time(() =>
    readDistrict(database, districtId, async (tx) => {
      await listChannels(tx, { actorId: teacherId, limit: 20 })
      await listMessages(tx, { channelId: channelIds[n % channelIds.length] ?? '', actorId: teacherId, as: 'party', limit: 50 })
    }),
  )

/** As the API reads: each statement planned once. */
const open = (url: string): Promise<Database> => openDatabase({ url, connectionsMax: 1, remembersPlans: true })

const measureRowSecurity = async (world: MessagingWorld, count: number): Promise<Measured> => {
  const { app, superuser } = world.stack.postgres.urls
  const [walled, bare] = [await open(app), await open(superuser)]
  try {
    const took: [number[], number[]] = [[], []]
    for (let n = 0; n < count; n += 1) {
      took[0].push(await readBare(world, walled, n))
      took[1].push(await readBare(world, bare, n))
    }
    return {
      ratios: { row_security_over_none: atMost(median(took[0]) / median(took[1]), 1.15) },
      figures: roundFigures({ reads_walled_p50_ms: median(took[0]), reads_bare_p50_ms: median(took[1]) }),
    }
  } finally {
    await walled.close()
    await bare.close()
  }
}

/** Reads in a small database and in a large one, and what row-level security costs in the large one. */
export const measureReads = async (world: MessagingWorld, { few, many, reads }: MessagingSize): Promise<Measured> => {
  await fillMessages(world, few)
  await readAll(world, Math.ceil(reads / 4))
  const small = await readAll(world, reads)
  await fillMessages(world, many)
  await readAll(world, Math.ceil(reads / 4))
  const large = await readAll(world, reads)
  const walls = await measureRowSecurity(world, reads)
  return {
    ratios: {
      list_many_over_few: atMost(median(large.list) / median(small.list), 1.2),
      history_many_over_few: atMost(median(large.history) / median(small.history), 1.2),
      ...walls.ratios,
    },
    figures: {
      ...roundFigures({
        list_few_p50_ms: median(small.list),
        list_many_p50_ms: median(large.list),
        history_few_p50_ms: median(small.history),
        history_many_p50_ms: median(large.history),
      }),
      ...walls.figures,
    },
  }
}

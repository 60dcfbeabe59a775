import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { atMost, describeMachine, median, roundFigures, type BenchDocument, type Measured } from '../bench.ts'
import { openFloor } from './floor.ts'
import { makeDistrictFeed, type FeedSize } from './makeDistrictFeed.ts'
import { measureExplain } from './measureExplain.ts'
import { measureHistory } from './measureHistory.ts'
import { measureSyncMemory } from './measureSyncMemory.ts'
import { openRosterWorld, type BenchDistrict, type RosterWorld } from './rosterWorld.ts'
import { fullRoster, quickRoster, type RosterSize } from './rosterSize.ts'

const feeds = fileURLToPath(new URL('../../.stack/bench-feeds', import.meta.url))

const tell = (line: string): void => void process.stderr.write(`› ${line}\n`)

/** Writes a feed, and answers where. */
const writeFeedOf = async (size: FeedSize, changedPercent: number): Promise<string> => {
  await mkdir(feeds, { recursive: true })
  const path = join(feeds, `${size.enrollments}-${changedPercent}.zip`)
  await makeDistrictFeed(path, size, { changedPercent })
  return path
}

const ended = async (district: BenchDistrict, path: string, state: string): Promise<{ seconds: number; workflowId: string }> => {
  const sync = await district.sync(path)
  if (sync.state !== state) throw new Error(`a sync ended as ${sync.state}, not as ${state}`)
  return sync
}

/** Interleaved with the floor: a feed that changes a share of the enrollments and back, and one that changes nothing. */
const measureSyncs = async (world: RosterWorld, { feed, changedPercent, rounds }: RosterSize): Promise<Measured> => {
  const [first, second] = [await writeFeedOf(feed, 0), await writeFeedOf(feed, changedPercent)]
  const floor = await openFloor(world.stack.postgres.urls.superuser)
  try {
    const district = await world.addDistrict()
    tell('the first sync, of an empty district')
    const { seconds: firstSync, workflowId } = await ended(district, first, 'applied')
    const firstFloor = await floor.sync(first)
    await world.countRows()
    const times = { changed: [] as number[], same: [] as number[], changedFloor: [] as number[], sameFloor: [] as number[] }
    for (const [index, path] of Array.from({ length: rounds * 2 }, (_, turn) => [turn, turn % 2 === 0 ? second : first] as const)) {
      tell(`turn ${index + 1} of ${rounds * 2}`)
      times.changedFloor.push(await floor.sync(path))
      times.changed.push((await ended(district, path, 'applied')).seconds)
      times.sameFloor.push(await floor.sync(path))
      times.same.push((await ended(district, path, 'unchanged')).seconds)
    }
    const figures = {
      first_sync_s: firstSync,
      first_floor_s: firstFloor,
      changed_sync_s: median(times.changed),
      changed_floor_s: median(times.changedFloor),
      unchanged_sync_s: median(times.same),
      unchanged_floor_s: median(times.sameFloor),
    }
    const history = await measureHistory(world.temporal, workflowId)
    tell('explanations')
    const explained = await measureExplain(world, district.id)
    return {
      ratios: {
        changed_over_floor: atMost(figures.changed_sync_s / figures.changed_floor_s, 2),
        unchanged_over_floor: atMost(figures.unchanged_sync_s / figures.unchanged_floor_s, 1.2),
        ...history.ratios,
      },
      figures: { ...roundFigures(figures), ...history.figures, ...explained.figures },
    }
  } finally {
    await floor.close()
  }
}

/** Measures the way of a feed. @throws when a sync does not end as it should. */
export const benchRoster = async ({ isQuick }: { isQuick: boolean }): Promise<BenchDocument> => {
  const size = isQuick ? quickRoster : fullRoster
  tell('starting servers, API and worker')
  const world = await openRosterWorld()
  const document: BenchDocument = { bench: 'roster', machine: describeMachine(), ratios: {}, figures: {} }
  try {
    const feedOf = (of: FeedSize) => writeFeedOf(of, 0)
    for (const measure of [() => measureSyncs(world, size), () => measureSyncMemory(world, size, feedOf, tell)]) {
      const { ratios, figures } = await measure()
      Object.assign(document.ratios, ratios)
      Object.assign(document.figures, figures)
      // A run takes long, and what it has is not to be lost with what it has not.
      tell(JSON.stringify({ ratios, figures }))
    }
    return document
  } finally {
    await world.close()
    await rm(feeds, { recursive: true, force: true })
  }
}

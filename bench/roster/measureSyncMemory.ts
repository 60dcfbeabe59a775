import { atMost, roundFigures, type Measured } from '../bench.ts'
import { readPeakMebibytes } from '../readProcesses.ts'
import type { FeedSize } from './makeDistrictFeed.ts'
import type { RosterSize } from './rosterSize.ts'
import type { RosterWorld } from './rosterWorld.ts'

/** What the worker's process holds at its peak for a large district's first feed beyond what it holds for a tenth of it, a new process for each. */
export const measureSyncMemory = async (
  world: RosterWorld,
  { feed, small }: RosterSize,
  writeFeedOf: (size: FeedSize) => Promise<string>,
  tell: (line: string) => void,
): Promise<Measured> => {
  const peakOf = async (size: FeedSize): Promise<number> => {
    tell(`memory: ${size.enrollments} enrollments`)
    const path = await writeFeedOf(size)
    const worker = await world.restartApps()
    const district = await world.addDistrict()
    const { state } = await district.sync(path)
    if (state !== 'applied') throw new Error(`a sync ended as ${state}`)
    return readPeakMebibytes(worker)
  }
  const [smallPeak, largePeak] = [await peakOf(small), await peakOf(feed)]
  return {
    ratios: { worker_memory_growth_mib: atMost(largePeak - smallPeak, 64) },
    figures: roundFigures({ worker_peak_small_mib: smallPeak, worker_peak_large_mib: largePeak }),
  }
}

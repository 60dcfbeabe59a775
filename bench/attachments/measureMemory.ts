import { atMost, roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import type { BenchSize } from './benchSize.ts'
import { benchKinds, type BenchKind } from './makeFiles.ts'
import { readPeakMebibytes } from '../readProcesses.ts'

const filesEach = 3

const peakOf = async (world: BenchWorld, kind: BenchKind, bytes: number): Promise<number> => {
  await world.restartApps({})
  for (let turn = 0; turn < filesEach; turn += 1) {
    const ids = await world.upload([benchKinds[kind](bytes)])
    await world.complete(ids[0] ?? '')
    await world.untilClean(ids)
  }
  const worker = world.pids()['worker']
  if (worker === undefined) throw new Error('the worker is not there')
  return readPeakMebibytes(worker)
}

/** What the worker's process holds at its peak for large files beyond what it holds for small ones, one at a time, a new process for each. */
export const measureMemory = async (world: BenchWorld, { memoryBytes: [small, large] }: BenchSize): Promise<Measured> => {
  const measured: Measured = { ratios: {}, figures: {} }
  for (const kind of Object.keys(benchKinds) as BenchKind[]) {
    const smallPeak = await peakOf(world, kind, small)
    const largePeak = await peakOf(world, kind, large)
    measured.ratios[`memory_growth_${kind}_mib`] = atMost(largePeak - smallPeak, 32)
    Object.assign(
      measured.figures,
      roundFigures({ [`memory_peak_small_${kind}_mib`]: smallPeak, [`memory_peak_large_${kind}_mib`]: largePeak }),
    )
  }
  return measured
}

import { atMost, median, roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import type { BenchSize } from './benchSize.ts'
import { readFloorKinds, runFloor, type FloorKinds } from '../floor/runFloor.ts'
import { makeBenchText } from './makeFiles.ts'

const runFloors = async (world: BenchWorld, kinds: FloorKinds, count: number, round: number): Promise<number> => {
  const began = performance.now()
  await Promise.all(Array.from({ length: count }, (_, at) => runFloor(world.temporal, kinds, `overhead-${round}-${at}`)))
  return (performance.now() - began) / count
}

/**
 * Milliseconds a small file costs beyond a workflow with as many activities that do nothing, many under way at once: both as they come out of the same
 * machine, round for round.
 */
export const measureOverhead = async (world: BenchWorld, { rounds, smallFiles, smallBytes }: BenchSize): Promise<Measured> => {
  await world.restartApps({})
  const passing: number[] = []
  const floor: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const ids = await world.upload(Array.from({ length: smallFiles }, () => makeBenchText(smallBytes)))
    await Promise.all(ids.map((id) => world.complete(id)))
    passing.push(((await world.untilClean(ids)).seconds * 1_000) / smallFiles)
    const kinds = await readFloorKinds(world.temporal, scanAttachmentId(ids[0] ?? '', 1))
    floor.push(await runFloors(world, kinds, smallFiles, round))
  }
  return {
    ratios: { overhead_small_file_ms: atMost(median(passing) - median(floor), 15) },
    figures: roundFigures({ small_file_ms: median(passing), floor_run_ms: median(floor) }),
  }
}

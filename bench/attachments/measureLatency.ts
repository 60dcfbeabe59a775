import { atMost, quantile, roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import type { BenchSize } from './benchSize.ts'
import { readFloorKinds, runFloor, type FloorKinds } from '../floor/runFloor.ts'
import { timePassage } from './timePassage.ts'

/** From the request that says "complete" to a file that can be opened, with nothing else to do, over the floor's latency; one of each in turn. */
export const measureLatency = async (world: BenchWorld, { latencies, smallBytes }: BenchSize): Promise<Measured> => {
  await world.restartApps({})
  const passing: number[] = []
  const floor: number[] = []
  let kinds: FloorKinds = []
  // The first one warms every connection, and is not counted.
  for (let turn = 0; turn <= latencies; turn += 1) {
    const { id, tookMs } = await timePassage(world, smallBytes)
    if (turn === 0) kinds = await readFloorKinds(world.temporal, scanAttachmentId(id, 1))
    const floorMs = await runFloor(world.temporal, kinds, `latency-${turn}`)
    if (turn === 0) continue
    passing.push(tookMs)
    floor.push(floorMs)
  }
  return {
    ratios: { latency_p50_over_floor: atMost(quantile(passing, 0.5) / quantile(floor, 0.5), 2) },
    figures: roundFigures({
      latency_p50_ms: quantile(passing, 0.5),
      latency_p90_ms: quantile(passing, 0.9),
      floor_p50_ms: quantile(floor, 0.5),
      floor_p90_ms: quantile(floor, 0.9),
    }),
  }
}

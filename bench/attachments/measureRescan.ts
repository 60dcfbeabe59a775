import { setTimeout as wait } from 'node:timers/promises'
import { taskQueues } from '../../workflows/contract.ts'
import { atMost, quantile, roundFigures, type Measured } from '../bench.ts'
import type { BenchSize } from './benchSize.ts'
import type { BenchWorld } from './benchWorld.ts'
import { makeBenchPdf } from './makeFiles.ts'
import { timePassage } from './timePassage.ts'

/** From the request that says "complete" to a file that can be opened, while a round of re-scans runs at its budget, over the same without one; in turns. */
export const measureRescan = async (world: BenchWorld, size: BenchSize): Promise<Measured> => {
  await world.restartApps({})
  const looked = await world.upload(Array.from({ length: size.rescanFiles }, () => makeBenchPdf(size.largeBytes)))
  await Promise.all(looked.map((id) => world.complete(id)))
  await world.untilClean(looked)
  const times = { without: [] as number[], beside: [] as number[] }
  const measure = async (kind: keyof typeof times): Promise<void> => {
    for (let count = 0; count < size.rescanLatencies; count += 1) times[kind].push((await timePassage(world, size.smallBytes)).tookMs)
  }
  // The first one warms every connection, and is not counted.
  await timePassage(world, size.smallBytes)
  for (let turn = 0; turn < size.rescanTurns; turn += 1) {
    await measure('without')
    await duringRound(world, looked, `bench-rescan-${turn}`, () => measure('beside'))
  }
  return {
    ratios: { latency_p50_beside_rescan_over_without: atMost(quantile(times.beside, 0.5) / quantile(times.without, 0.5), 1.25) },
    figures: roundFigures({
      latency_without_rescan_p50_ms: quantile(times.without, 0.5),
      latency_without_rescan_p90_ms: quantile(times.without, 0.9),
      latency_beside_rescan_p50_ms: quantile(times.beside, 0.5),
      latency_beside_rescan_p90_ms: quantile(times.beside, 0.9),
    }),
  }
}

/** @throws when the round was over before `act` was: then nothing was measured beside it. */
const duringRound = async (world: BenchWorld, due: readonly string[], workflowId: string, act: () => Promise<void>): Promise<void> => {
  await world.makeDue(due)
  const round = await world.temporal.workflow.start('rescanAttachments', { workflowId, taskQueue: taskQueues.maintenance })
  await untilNone(async () => ((await world.countLookedAt(due)) === 0 ? 1 : 0))
  await act()
  if ((await round.describe()).status.name !== 'RUNNING') throw new Error('the round of re-scans was over too soon: it had too few files')
  await round.terminate('measured')
  // The file that it was at is looked at to its end.
  await untilNone(
    async () => (await world.temporal.workflow.count(`WorkflowType = 'rescanAttachment' and ExecutionStatus = 'Running'`)).count,
  )
}

const untilNone = async (count: () => Promise<number>): Promise<void> => {
  while ((await count()) > 0) await wait(50)
}

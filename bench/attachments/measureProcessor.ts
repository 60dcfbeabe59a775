import { roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import type { BenchSize } from './benchSize.ts'
import { makeBenchPdf } from './makeFiles.ts'
import { readProcessorSeconds } from '../readProcesses.ts'
import { scanRaw } from './scanRaw.ts'

const megabyte = 1_000_000

const spent = async (pids: Record<string, number>, work: () => Promise<unknown>): Promise<Record<string, number>> => {
  const before = readProcessorSeconds(pids)
  await work()
  const after = readProcessorSeconds(pids)
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
}

/** Processor seconds a megabyte, process by process, at two and at four files at a time; and of clamd alone on as many connections. */
export const measureProcessor = async (world: BenchWorld, { largeFiles, largeBytes }: BenchSize): Promise<Measured> => {
  const figures: Record<string, number> = {}
  const megabytes = (largeFiles * largeBytes) / megabyte
  const makeSome = () => Array.from({ length: largeFiles }, () => makeBenchPdf(largeBytes))
  for (const connections of [2, 4]) {
    await world.restartApps({ CONCURRENT_SCANS: String(connections) })
    const ids = await world.upload(makeSome())
    const files = makeSome().map(({ content }) => content)
    const alone = await spent(world.pids(), () => scanRaw(world.stack.clamd, files, connections))
    const through = await spent(world.pids(), async () => {
      await Promise.all(ids.map((id) => world.complete(id)))
      await world.untilClean(ids)
    })
    figures[`processor_${connections}_clamd_alone_s_per_mb`] = (alone['clamd'] ?? 0) / megabytes
    for (const [name, seconds] of Object.entries(through)) {
      if (seconds > 0) figures[`processor_${connections}_${name}_s_per_mb`] = seconds / megabytes
    }
  }
  return { ratios: {}, figures: roundFigures(figures) }
}

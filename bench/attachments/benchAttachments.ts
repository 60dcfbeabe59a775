import { WrongUse } from '../../deploy/wrongUse.ts'
import { describeMachine, type BenchDocument, type Measured } from '../bench.ts'
import { fullSize, quickSize, type BenchSize } from './benchSize.ts'
import { openBenchWorld, type BenchWorld } from './benchWorld.ts'
import { floorQueue } from '../floor/runFloor.ts'
import { measureBacklog } from './measureBacklog.ts'
import { measureLatency } from './measureLatency.ts'
import { measureMemory } from './measureMemory.ts'
import { measureOverhead } from './measureOverhead.ts'
import { measureProcessor } from './measureProcessor.ts'
import { measureRescan } from './measureRescan.ts'
import { measureThroughput } from './measureThroughput.ts'

const parts = {
  latency: measureLatency,
  overhead: measureOverhead,
  throughput: measureThroughput,
  processor: measureProcessor,
  backlog: measureBacklog,
  rescan: measureRescan,
  memory: measureMemory,
} satisfies Record<string, (world: BenchWorld, size: BenchSize) => Promise<Measured>>

const partNames = Object.keys(parts) as (keyof typeof parts)[]

const tell = (line: string): void => void process.stderr.write(`› ${line}\n`)

const isPart = (name: string): name is keyof typeof parts => Object.hasOwn(parts, name)

/** Measures the way of a file, part by part. @throws when a part is not known, and when a harmless file does not come through. */
export const benchAttachments = async ({ isQuick, only }: { isQuick: boolean; only: readonly string[] | null }): Promise<BenchDocument> => {
  const unknown = only?.find((name) => !isPart(name))
  if (unknown !== undefined) throw new WrongUse(`there is no part ${unknown}; there are: ${partNames.join(', ')}`)
  tell('starting servers, API and worker')
  const world = await openBenchWorld(tell)
  const document: BenchDocument = { bench: 'attachments', machine: describeMachine(), ratios: {}, figures: {} }
  try {
    await world.startFloorWorker(floorQueue)
    for (const name of partNames.filter((part) => only?.includes(part) ?? true)) {
      tell(name)
      const { ratios, figures } = await parts[name](world, isQuick ? quickSize : fullSize)
      Object.assign(document.ratios, ratios)
      Object.assign(document.figures, figures)
    }
    return document
  } finally {
    await world.close()
  }
}

import { atLeast, median, roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import { benchKinds, type BenchKind } from './makeFiles.ts'
import { scanRaw } from './scanRaw.ts'
import type { BenchSize } from './benchSize.ts'

const megabyte = 1_000_000

/**
 * Megabytes a second from complete to clean, one file at a time through the streaming steps, over what clamd alone takes on one connection. Both get
 * files of the same kind and size and never the same bytes: clamd remembers what it found clean. Taken in turn, round for round.
 */
export const measureThroughput = async (world: BenchWorld, { rounds, largeFiles, largeBytes }: BenchSize): Promise<Measured> => {
  await world.restartApps({ CONCURRENT_SCANS: '1' })
  const measured: Measured = { ratios: {}, figures: {} }
  for (const [kind, make] of Object.entries(benchKinds) as [BenchKind, (typeof benchKinds)[BenchKind]][]) {
    const makeSome = () => Array.from({ length: largeFiles }, () => make(largeBytes))
    const megabytes = (largeFiles * largeBytes) / megabyte
    const raw: number[] = []
    const through: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const ids = await world.upload(makeSome())
      raw.push(
        megabytes /
          (await scanRaw(
            world.stack.clamd,
            makeSome().map(({ content }) => content),
            1,
          )),
      )
      await Promise.all(ids.map((id) => world.complete(id)))
      through.push(megabytes / (await world.untilClean(ids)).seconds)
    }
    measured.ratios[`throughput_${kind}_over_clamd`] = atLeast(median(through) / median(raw), 0.6)
    Object.assign(
      measured.figures,
      roundFigures({ [`throughput_${kind}_mb_per_s`]: median(through), [`clamd_${kind}_mb_per_s`]: median(raw) }),
    )
  }
  return measured
}

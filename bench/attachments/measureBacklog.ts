import { setTimeout as wait } from 'node:timers/promises'
import { startTcpGate } from '../../test/support/tcpGate.ts'
import { atLeast, roundFigures, type Measured } from '../bench.ts'
import type { BenchWorld } from './benchWorld.ts'
import type { BenchSize } from './benchSize.ts'
import { makeBenchText } from './makeFiles.ts'

/**
 * Files a second after the engine was away and all of them waited, from the moment that it is back to the end of the last one, over the rate without an
 * outage. The engine stands behind the same door both times.
 */
export const measureBacklog = async (world: BenchWorld, { backlogFiles, smallBytes, outageMs }: BenchSize): Promise<Measured> => {
  const gate = await startTcpGate(world.stack.clamd)
  try {
    await world.restartApps({ CLAMD_HOST: '127.0.0.1', CLAMD_PORT: String(gate.port) })
    const uploadAll = () => world.upload(Array.from({ length: backlogFiles }, () => makeBenchText(smallBytes)))
    const ids = await uploadAll()
    const waitingIds = await uploadAll()
    await Promise.all(ids.map((id) => world.complete(id)))
    const steady = backlogFiles / (await world.untilClean(ids)).seconds

    gate.set('closed')
    await Promise.all(waitingIds.map((id) => world.complete(id)))
    await wait(outageMs)
    gate.set('open')
    const openedAt = performance.now()
    await world.untilClean(waitingIds)
    const drained = backlogFiles / ((performance.now() - openedAt) / 1_000)
    return {
      ratios: { backlog_drain_over_steady: atLeast(drained / steady, 0.9) },
      figures: roundFigures({ steady_files_per_s: steady, backlog_drain_files_per_s: drained }),
    }
  } finally {
    await gate.stop()
  }
}

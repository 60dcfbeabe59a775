import type { BenchWorld } from './benchWorld.ts'
import { makeBenchText } from './makeFiles.ts'

/** Sends one text, and answers its milliseconds from the request that says "complete" to a file that can be opened. */
export const timePassage = async (world: BenchWorld, bytes: number): Promise<{ id: string; tookMs: number }> => {
  const [id = ''] = await world.upload([makeBenchText(bytes)])
  const began = performance.now()
  await world.complete(id)
  await world.untilClean([id], 2)
  return { id, tookMs: performance.now() - began }
}

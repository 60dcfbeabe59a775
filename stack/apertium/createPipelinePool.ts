import type { Pipeline } from './openPipeline.ts'

/** Somebody asks for more than can be done in reasonable time. */
export class PoolBusy extends Error {
  override readonly name = 'PoolBusy'
}

export type PipelinePool = {
  /** @throws PoolBusy; and what a pipeline throws, which is then replaced. */
  translate(line: string): Promise<string>
  close(): void
}

/** As many lines may wait; more are refused at once. */
const waitingMax = 2_000

/** Up to `size` pipelines of one mode, opened when they are first needed; one line at a time goes through each, and those that ended are replaced. */
export const createPipelinePool = (open: () => Pipeline, size: number): PipelinePool => {
  const all = new Set<Pipeline>()
  const idle: Pipeline[] = []
  const waiting: (() => void)[] = []
  let busy = 0
  const enter = async (): Promise<void> => {
    if (busy < size) busy += 1
    else if (waiting.length >= waitingMax) throw new PoolBusy('too many lines wait')
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  /** Whoever waits longest takes over the place. */
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }
  /** One that ended while nobody used it is no fault of the next line's. */
  const take = (): Pipeline => {
    const found = idle.pop() ?? open()
    all.add(found)
    if (!found.hasEnded()) return found
    all.delete(found)
    return take()
  }
  const translate = async (line: string): Promise<string> => {
    const pipeline = take()
    try {
      return await pipeline.translate(line)
    } finally {
      if (pipeline.hasEnded()) all.delete(pipeline)
      else idle.push(pipeline)
    }
  }
  return {
    translate: async (line) => {
      await enter()
      return translate(line).finally(leave)
    },
    close: () => {
      for (const pipeline of all) pipeline.end()
    },
  }
}

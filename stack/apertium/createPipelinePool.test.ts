import { expect, test } from 'vitest'
import { createPipelinePool, PoolBusy } from './createPipelinePool.ts'
import type { Pipeline } from './openPipeline.ts'

type Opened = Pipeline & { answer(): void; die(): void }

const createOpener = () => {
  const opened: Opened[] = []
  const open = (): Pipeline => {
    let isOver = false
    let waiting: PromiseWithResolvers<void> | null = null
    const die = (): void => {
      isOver = true
      waiting?.reject(new Error('ended'))
    }
    const one: Opened = {
      pid: undefined,
      translate: async (line) => {
        waiting = Promise.withResolvers<void>()
        await waiting.promise
        return line.toUpperCase()
      },
      hasEnded: () => isOver,
      end: die,
      answer: () => waiting?.resolve(),
      die,
    }
    opened.push(one)
    return one
  }
  return { opened, open }
}
/** Lets everything that can go on go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('no more pipelines are opened than agreed, and who waits is served in turn', async () => {
  const { opened, open } = createOpener()
  const pool = createPipelinePool(open, 2)
  const lines = ['a', 'b', 'c'].map((line) => pool.translate(line))
  await settle()
  expect(opened).toHaveLength(2)
  opened[1]?.answer()
  await expect(lines[1]).resolves.toBe('B')
  await settle()
  opened[1]?.answer()
  await expect(lines[2]).resolves.toBe('C')
  opened[0]?.answer()
  await expect(lines[0]).resolves.toBe('A')
  expect(opened).toHaveLength(2)
})

test('a pipeline that ends fails its own line only, and another takes its place', async () => {
  const { opened, open } = createOpener()
  const pool = createPipelinePool(open, 1)
  const first = pool.translate('a')
  const second = pool.translate('b')
  await settle()
  opened[0]?.die()
  await expect(first).rejects.toThrow('ended')
  await settle()
  opened[1]?.answer()
  await expect(second).resolves.toBe('B')
  opened[1]?.die()
  const third = pool.translate('c')
  await settle()
  opened[2]?.answer()
  await expect(third).resolves.toBe('C')
})

test('more than can wait is refused at once', async () => {
  const { open } = createOpener()
  const pool = createPipelinePool(open, 1)
  const waiting = Array.from({ length: 2_001 }, () => pool.translate('a'))
  for (const one of waiting) one.catch(() => undefined)
  await settle()
  await expect(pool.translate('a')).rejects.toBeInstanceOf(PoolBusy)
})

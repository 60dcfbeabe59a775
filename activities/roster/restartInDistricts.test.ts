import { asyncLocalStorage, type Context } from '@temporalio/activity'
import { expect, test } from 'vitest'
import { restartInDistricts } from './restartInDistricts.ts'

/** What a sweep asks of the worker that it runs in. */
const context = {
  info: {},
  cancellationSignal: new AbortController().signal,
  heartbeat: () => undefined,
  log: { warn: () => undefined },
} as unknown as Context

test('one that cannot be restarted keeps none of the others from their turn, of its district or of another, and is seen', async () => {
  const tried: string[] = []
  const sweep = () =>
    restartInDistricts<number>({
      listDistricts: ({ after }) => Promise.resolve(after === null ? ['one', 'two'] : []),
      listOpen: (_, { after, limit }) => Promise.resolve([1, 2, 3].filter((open) => open > (after ?? 0)).slice(0, limit)),
      restart: (districtId, open) => {
        tried.push(`${districtId} ${open}`)
        return districtId === 'one' && open === 1 ? Promise.reject(new Error('poison')) : Promise.resolve(true)
      },
    })
  await expect(asyncLocalStorage.run(context, sweep)).rejects.toThrow('1 of 2 failed')
  expect(tried).toEqual(['one 1', 'one 2', 'one 3', 'two 1', 'two 2', 'two 3'])
})

import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { noteUncaught } from '../../test/support/noteUncaught.ts'
import { writeFeed } from './writeFeed.ts'

test('a package whose tables fail before anybody reads it ends no process, and whoever reads it then is told why', async () => {
  const uncaught = noteUncaught()
  const fault = new Error('the system broke off')
  async function* broken(): AsyncGenerator<string[]> {
    yield ['sourcedId', 'status']
    await turn()
    throw fault
  }
  const feed = writeFeed([{ file: 'orgs', rows: broken }], { version: '1.2', mode: 'bulk' })
  await vi.waitUntil(() => feed.closed)
  await turn()
  expect(uncaught).toEqual([])
  await expect(feed.toArray()).rejects.toBe(fault)
})

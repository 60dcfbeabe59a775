import { z } from 'zod'
import { Refused } from '../refused.ts'
import { followSync, type Patience } from './followSync.ts'
import type { Machine } from './openMachine.ts'
import { syncShape, type SentSync } from './syncShapes.ts'

const created = z.object({ sync: syncShape, upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }) })

const underWay = new Set(['awaiting-upload', 'queued', 'running'])

/** `storeUrl`: where the object store is from here, if not where the API says. */
export type FeedToSend = { districtId: string; feed: Blob; isDryRun?: boolean; exportedAt?: string | undefined; storeUrl?: string | null }

/**
 * Sends a feed as a district's machine does, and waits for the end of its sync. Interrupted while it waits, the sync goes on by itself.
 * @throws Refused
 */
export const sendFeed = async (
  machine: Machine,
  { districtId, feed, isDryRun = false, exportedAt, storeUrl = null }: FeedToSend,
  patience: Patience = {},
): Promise<SentSync> => {
  const syncs = `/v1/districts/${districtId}/roster-syncs`
  const { sync, upload } = await machine.call('POST', syncs, created, { isDryRun, exportedAt })
  patience.onState?.('uploading', sync.id)
  // A pre-signed form holds no host: it is good for any address of the same store.
  const url = storeUrl === null ? upload.url : new URL(new URL(upload.url).pathname, storeUrl).href
  await post({ ...upload, url }, feed)
  await machine.call('POST', `${syncs}/${sync.id}/complete`, syncShape)
  return followSync(machine, { districtId, syncId: sync.id }, ({ state }) => !underWay.has(state), patience)
}

/** The store wants its fields before the file. */
const post = async ({ url, fields }: z.infer<typeof created>['upload'], content: Blob): Promise<void> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', content)
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'error' }).catch(() => null)
  if (answer === null) throw new Refused('the feed could not be sent to the store\n  mend: see the network, and send it again')
  await answer.body?.cancel()
  if (!answer.ok)
    throw new Refused(
      `the store does not take the feed (${answer.status})\n  mend: see docs/roster-feeds.md for how large it may be, and send it again`,
    )
}

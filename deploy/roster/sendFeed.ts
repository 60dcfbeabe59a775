import { openAsBlob } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { Refused } from '../refused.ts'
import type { Machine } from './openMachine.ts'

const count = z.int()
const sync = z.object({
  id: z.uuid(),
  state: z.string(),
  isDryRun: z.boolean(),
  rosterVersion: count.nullable(),
  rejectCount: count,
  endingCount: count,
  fault: z
    .object({ code: z.string(), mend: z.string(), file: z.string().nullable(), line: count.nullable(), column: count.nullable() })
    .nullable(),
  removals: z.object({ state: z.string() }).nullable(),
})
const created = z.object({ sync, upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }) })
const counts = z.object({
  subject: z.string(),
  lines: count,
  taken: count,
  rejected: count,
  leftOut: count,
  added: count,
  changed: count,
  removed: count,
  suspended: count,
  restored: count,
  active: count,
})
const detail = sync.extend({ counts: z.array(counts) })

/** A sync that has ended, as the API shows it. */
export type SentSync = z.infer<typeof detail>

const underWay = new Set(['awaiting-upload', 'queued', 'running'])

/** `waitMs`: for so long the end of the sync is waited for; without it, as long as it takes. */
export type FeedToSend = { districtId: string; path: string; isDryRun: boolean; exportedAt?: string | undefined; waitMs?: number }

/**
 * Sends a feed and waits for the end of its sync. `onState` hears each state once. Interrupted while it waits, the sync goes on by itself.
 * @throws Refused
 */
export const sendFeed = async (
  machine: Machine,
  { districtId, path, isDryRun, exportedAt, waitMs = Infinity }: FeedToSend,
  onState: (state: string, syncId: string) => void,
): Promise<SentSync> => {
  const content = await openFeed(path)
  const syncs = `/v1/districts/${districtId}/roster-syncs`
  const { sync: made, upload } = await machine.call('POST', syncs, created, { isDryRun, exportedAt })
  onState('uploading', made.id)
  await post(upload, content)
  await machine.call('POST', `${syncs}/${made.id}/complete`, sync)
  const sentAt = performance.now()
  for (let shown = 'uploading', pauseMs = 200; ; pauseMs = Math.min(2 * pauseMs, 5_000)) {
    const now = await machine.call('GET', `${syncs}/${made.id}`, detail)
    if (now.state !== shown) onState(now.state, made.id)
    if (!underWay.has(now.state)) return now
    if (performance.now() - sentAt > waitMs)
      throw new Refused(`sync ${made.id} is ${now.state} and goes on by itself\n  mend: look at it later, by GET ${syncs}/${made.id}`)
    shown = now.state
    await wait(pauseMs)
  }
}

const openFeed = async (path: string): Promise<Blob> => {
  try {
    return await openAsBlob(path, { type: 'application/zip' })
  } catch {
    throw new Refused('the feed could not be opened\n  mend: see that it is there, and that this account may read it')
  }
}

/** The store wants its fields before the file. */
const post = async ({ url, fields }: z.infer<typeof created>['upload'], content: Blob): Promise<void> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', content)
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'error' }).catch(() => null)
  if (answer === null) throw new Refused('the feed could not be sent to the store\n  mend: see the network, and send it again')
  if (!answer.ok)
    throw new Refused(
      `the store does not take the feed (${answer.status})\n  mend: see docs/roster-feeds.md for how large it may be, and send it again`,
    )
}

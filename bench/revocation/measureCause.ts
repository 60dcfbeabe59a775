import { setTimeout as wait } from 'node:timers/promises'
import { uploadFile } from '../uploadFile.ts'
import { makeBenchText } from '../attachments/makeFiles.ts'
import { openDownload, openEvents, type Long } from './openLong.ts'
import type { RevocationWorld, Taken } from './revocationWorld.ts'
import type { Readers } from './startReaders.ts'
import { waysOfReading } from './waysOfReading.ts'

/** What one way showed while one change ended it. Milliseconds, from the word that the change is there. */
export type Ended = { way: string; lastShownMs: number; shownAfterCommit: number }

/** What some changes of one kind did, one after the other. */
export type Cause = {
  /** From the word to the moment at which it was known to be done. */
  doneMs: number[]
  ended: Ended[]
  /** From the commit to the last byte of what was under way; null was not cut at all. */
  downloadCutMs: (number | null)[]
  eventsCutMs: (number | null)[]
}

/** How long what is under way has run by then. */
const underWayMs = 300

const openBoth = async ({ reader, longAttachmentId }: RevocationWorld) => {
  const pending = await uploadFile(reader.client, reader.channelId, makeBenchText(1))
  const both = { download: await openDownload(reader, longAttachmentId), events: await openEvents(reader, pending) }
  await wait(underWayMs)
  return both
}

const cutOf = async ({ ended }: Long, committedAt: number): Promise<number | null> => {
  const { at, isWhole } = await ended
  return isWhole ? null : Math.max(0, at - committedAt)
}

/**
 * Lets the readers read, ends their access by `change(false)`, waits until every way refuses, and brings them together again. What began after the commit was
 * seen and showed something all the same is counted: the moment at which it was seen is no earlier than the commit.
 */
export const measureCause = async (
  world: RevocationWorld,
  readers: Readers,
  { change, rounds, cuts }: { change: (isConnected: boolean) => Promise<Taken>; rounds: number; cuts: number },
): Promise<Cause> => {
  const cause: Cause = { doneMs: [], ended: [], downloadCutMs: [], eventsCutMs: [] }
  let connectedAt = 0
  for (let round = 0; round < rounds; round += 1) {
    await world.sayAgain()
    await readers.untilAll(true, connectedAt)
    const long = round < cuts ? await openBoth(world) : null
    const { seen } = await world.watchVersion()
    const { acceptedAt, doneAt } = await change(false)
    long?.download.hurry()
    const committedAt = Math.min(await seen, doneAt)
    await readers.untilAll(false, doneAt)
    for (const { name } of waysOfReading) {
      const shown = readers.listShown(name, acceptedAt)
      const lastShownMs = Math.max(0, ...shown.map(({ ended }) => ended - acceptedAt))
      cause.ended.push({ way: name, lastShownMs, shownAfterCommit: shown.filter(({ began }) => began > committedAt).length })
    }
    cause.doneMs.push(doneAt - acceptedAt)
    if (long !== null) {
      cause.downloadCutMs.push(await cutOf(long.download, committedAt))
      cause.eventsCutMs.push(await cutOf(long.events, committedAt))
    }
    connectedAt = (await change(true)).doneAt
  }
  return cause
}

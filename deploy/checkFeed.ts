import { open } from 'node:fs/promises'
import { openFeed } from '../clients/oneroster/openFeed.ts'
import type { MetadataSources } from '../domain/roster/metadataSources.ts'
import { createFeedReport } from '../domain/roster/feedReport.ts'
import type { FeedReport } from '../domain/roster/feedReport.ts'
import type { Reject } from '../domain/roster/rejectCodes.ts'
import { rejectHeader, toRejectLine } from '../domain/roster/toRejectLine.ts'

/**
 * Reads a whole feed and says what a sync would take of it. Writes each reject to a new file at `rejectsPath`, for the owner's eyes only.
 * @param today the day that decides which terms are over
 * @throws FeedUnreadable; what was rejected until then stands in the file
 */
export const checkFeed = async (
  path: string,
  { sources, today, rejectsPath }: { sources: MetadataSources; today: string; rejectsPath: string | null },
): Promise<FeedReport> => {
  const feed = await openFeed(path, sources)
  try {
    const report = createFeedReport(feed)
    const rejects = await createRejectFile(rejectsPath)
    try {
      for (const { file } of feed.files)
        for await (const lines of feed.read(file)) {
          lines.forEach(report.add)
          await rejects.add(lines.flatMap((line) => line.rejects))
        }
    } finally {
      await rejects.close()
    }
    return report.finish(today)
  } finally {
    feed.close()
  }
}

const linesAtOnce = 1_000

/** Nothing is overwritten: a report of another feed may still be needed. */
const createRejectFile = async (path: string | null) => {
  const file = path === null ? null : await open(path, 'wx', 0o600)
  let waiting = [rejectHeader]
  const flush = async (): Promise<void> => {
    const text = waiting.map((line) => `${line}\r\n`).join('')
    waiting = []
    await file?.write(text)
  }
  return {
    add: async (rejects: readonly Reject[]): Promise<void> => {
      if (file === null) return
      for (const reject of rejects) waiting.push(toRejectLine(reject))
      if (waiting.length >= linesAtOnce) await flush()
    },
    close: async (): Promise<void> => {
      await flush()
      await file?.close()
    },
  }
}

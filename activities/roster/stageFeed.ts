import { openFeed } from '../../clients/oneroster/openFeed.ts'
import { openStaging, type Staging } from '../../db/roster/staging/openStaging.ts'
import { rejectUnresolved } from '../../db/roster/staging/rejectUnresolved.ts'
import type { FeedVersion } from '../../domain/roster/feedFiles.ts'
import { createFeedReport, type FileCounts } from '../../domain/roster/feedReport.ts'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import { rejectHeader, toRejectLine } from '../../domain/roster/toRejectLine.ts'
import { createReport, type Report } from './createReport.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** How far it is is told so often: each mark is sealed and sent on its own. */
const linesBetweenMarks = 50_000

/** A feed of which every line was read and stands in staging, and what was not taken of it. */
export type StagedFeed = { staging: Staging; version: FeedVersion; files: FileCounts[]; rejects: Report; close(): Promise<void> }

/**
 * Reads the feed at `path` to its last line and stages it. What refers to nothing is rejected here, before anybody is kept waiting by the lock.
 * @throws FeedUnreadable, and then nothing is left.
 */
export const stageFeed = async (
  deps: Pick<RosterDeps, 'appUrl' | 'districtKeys' | 'spoolFolder'>,
  { districtId, path, sources }: { districtId: string; path: string; sources: MetadataSources },
  { signal, reached }: { signal: AbortSignal; reached: (mark: string) => void },
): Promise<StagedFeed> => {
  const feed = await openFeed(path, sources)
  const rejects = await createReport(deps.spoolFolder, rejectHeader)
  let staging: Staging | null = null
  try {
    const cipher = await deps.districtKeys.forDistrict(districtId)
    staging = await openStaging({ url: deps.appUrl, districtId, cipher, feed })
    const report = createFeedReport(feed)
    for (const { file } of feed.files) {
      let marked = 0
      for await (const lines of feed.read(file)) {
        signal.throwIfAborted()
        lines.forEach(report.add)
        await staging.add(lines)
        const rejected = lines.flatMap((line) => line.rejects.map(toRejectLine))
        if (rejected.length > 0) await rejects.add(rejected)
        const line = lines.at(-1)?.line ?? 1
        if (line < marked) continue
        reached(`${file}:${line}`)
        marked = line + linesBetweenMarks
      }
    }
    await staging.finish()
    const unresolved = await staging.transact((tx) => rejectUnresolved(tx, feed.files))
    await rejects.add(unresolved.map(({ line, ...of }) => toRejectLine({ ...of, line: line ?? 0, code: 'reference-unresolved' })))
    const opened = staging
    const close = async (): Promise<void> => {
      await opened.close()
      await rejects.close()
    }
    return { staging, version: feed.version, files: report.countFiles(), rejects, close }
  } catch (error) {
    await staging?.close()
    await rejects.close()
    throw error
  } finally {
    feed.close()
  }
}

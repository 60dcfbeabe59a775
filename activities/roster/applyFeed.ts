import { Readable } from 'node:stream'
import { ApplicationFailure } from '@temporalio/activity'
import { isBeyondLimits, isOutOfRoom } from '../../db/isFeedTooLarge.ts'
import { isRowRefused } from '../../db/isRowRefused.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { enqueueWorkflow } from '../../db/queries/enqueueWorkflow.ts'
import { applyStaged, type AppliedFeed } from '../../db/roster/apply/applyStaged.ts'
import { endSync, keepCounts, type SyncEnding } from '../../db/roster/endSync.ts'
import { findFeed, type Feed } from '../../db/roster/findFeed.ts'
import { listDiff } from '../../db/roster/listDiff.ts'
import type { RosterTransaction } from '../../db/roster/rosterTransaction.ts'
import { toChangesKey, toRejectsKey } from '../../domain/roster/objectKeys.ts'
import { changesHeader, toChangeLine } from '../../domain/roster/toChangeLine.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'
import { toDecisionStart, toSettlingStart, feedTooLarge, type SyncRef } from '../../workflows/contract.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'
import { openNamelessFile } from '../../clients/openNamelessFile.ts'
import type { RosterDeps } from './rosterDeps.ts'
import { stageFeed, type StagedFeed } from './stageFeed.ts'

export type FeedOutcome = { outcome: SyncEnding['state'] | 'superseded' }

/** A dry run lists so many differences, losses first: more is read by nobody. */
const changesListedMax = 50_000

const endings: ReadonlySet<string> = new Set<SyncEnding['state']>([
  'applied',
  'unchanged',
  'partly-applied',
  'previewed',
  'unreadable',
  'stale',
  'failed',
])
const isEnding = (state: string): state is SyncEnding['state'] => endings.has(state)

/**
 * Reads the pinned feed of a sync that runs, compares it with the roster and applies it; a dry run compares and takes everything back. The sync ends in the same
 * commit, so doing it again answers what was done. A feed that cannot be understood is an end, not a failure.
 */
export const createApplyFeed =
  (deps: RosterDeps) =>
  async (ref: SyncRef): Promise<FeedOutcome> => {
    const feed = await withDistrict(deps.app, ref.districtId, (tx) => findFeed(tx, ref.syncId))
    if (feed === null || feed.attempt !== ref.attempt) return { outcome: 'superseded' }
    if (isEnding(feed.state)) return { outcome: feed.state }
    if (feed.state !== 'running') return { outcome: 'superseded' }
    return whileHeartbeating((signal, progress) => readAndApply(deps, ref, feed, { signal, reached: (mark) => progress.reached(mark) }))
  }

type Watch = { signal: AbortSignal; reached(mark: string): void }

const readAndApply = async (deps: RosterDeps, ref: SyncRef, feed: Feed, watch: Watch): Promise<FeedOutcome> => {
  const file = await openNamelessFile(deps.spoolFolder)
  try {
    await file.append(await openObject(deps, feed, watch.signal))
    const staged = await stageFeed(deps, { districtId: ref.districtId, path: file.path, sources: feed.sources }, watch)
    try {
      watch.reached('staged')
      return await applyOnce(deps, ref, feed, staged)
    } finally {
      await staged.close()
    }
  } catch (error) {
    if (error instanceof FeedUnreadable) return await endUnreadable(deps, ref, error)
    // Waited out as an outage is, it would keep every later feed of the district waiting.
    if (isRowRefused(error)) throw ApplicationFailure.nonRetryable('the database refuses a row as this feed would have it', 'RowRefused')
    if (isBeyondLimits(error)) throw ApplicationFailure.nonRetryable('this feed is beyond what the database can do', feedTooLarge)
    // Tried a few more times: the run counts.
    if (isOutOfRoom(error)) throw ApplicationFailure.retryable('the database did not get through this feed', feedTooLarge)
    throw error
  } finally {
    await file.close()
  }
}

const openObject = async ({ roster }: RosterDeps, { objectKey, objectVersionId }: Feed, signal: AbortSignal): Promise<Readable> => {
  if (objectVersionId === null) throw ApplicationFailure.nonRetryable('no version is pinned', 'RowInvalid')
  try {
    return await roster.read(objectKey, { versionId: objectVersionId, signal })
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchVersion')
      throw ApplicationFailure.nonRetryable('the pinned feed is gone', 'PinnedVersionGone')
    throw error
  }
}

const endUnreadable = async (deps: RosterDeps, ref: SyncRef, { code, at }: FeedUnreadable): Promise<FeedOutcome> => {
  const { file, line, column } = at
  const isOurs = await withDistrict(deps.app, ref.districtId, (tx) =>
    endSync(tx, ref, { state: 'unreadable', fault: { code, file, line, column } }),
  )
  return { outcome: isOurs ? 'unreadable' : 'superseded' }
}

/** Thrown to take back what a dry run did, once everything was seen. */
class TakenBack extends Error {}

const applyOnce = async (deps: RosterDeps, ref: SyncRef, feed: Feed, staged: StagedFeed): Promise<FeedOutcome> => {
  const { rejects } = staged
  const rejectsKey = rejects.count === 0 ? null : toRejectsKey(ref.districtId, ref.syncId, ref.attempt)
  if (rejectsKey !== null) await deps.roster.write(rejectsKey, await rejects.read())
  const known = { feedVersion: staged.version, rejectCount: rejects.count, rejectsKey }
  if (feed.isDryRun) return preview(deps, ref, feed, staged, known)
  return staged.staging.transact(async (tx) => {
    const applied = await apply(deps, tx, ref, feed, staged)
    const isOurs = await endSync(tx, ref, {
      ...known,
      state: applied.outcome,
      rosterVersion: applied.version,
      endingCount: applied.endings,
    })
    // Rolls back: somebody else's attempt applies it.
    if (!isOurs) throw ApplicationFailure.nonRetryable('another attempt works on this sync', 'Superseded')
    await keepCounts(tx, ref.syncId, { files: staged.files, changes: applied.counts })
    if (applied.outcome === 'partly-applied') await enqueueWorkflow(tx, toDecisionStart(deps.rosterQueue)(ref))
    return { outcome: applied.outcome }
  })
}

const apply = (
  { rosterQueue }: RosterDeps,
  tx: RosterTransaction,
  ref: SyncRef,
  feed: Feed,
  { version }: StagedFeed,
): Promise<AppliedFeed> =>
  applyStaged(tx, {
    cause: 'sync',
    causeId: ref.syncId,
    sourceAt: feed.sourceAt ?? new Date(0),
    areRolesOnUsers: version === '1.1',
    brakeFor: ref.syncId,
    startFor: toSettlingStart(rosterQueue),
  })

const preview = async (
  deps: RosterDeps,
  ref: SyncRef,
  feed: Feed,
  staged: StagedFeed,
  known: Pick<SyncEnding, 'feedVersion' | 'rejectCount' | 'rejectsKey'>,
): Promise<FeedOutcome> => {
  const seen: { applied?: AppliedFeed; lines: string[] } = { lines: [] }
  await staged.staging
    .transact(async (tx) => {
      seen.applied = await apply(deps, tx, ref, feed, staged)
      if (seen.applied.outcome !== 'stale') seen.lines = (await listDiff(tx, changesListedMax)).map(toChangeLine)
      throw new TakenBack()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error
    })
  const changesKey = toChangesKey(ref.districtId, ref.syncId, ref.attempt)
  await deps.roster.write(changesKey, Readable.from([[changesHeader, ...seen.lines].map((line) => `${line}\r\n`).join('')]))
  const isOurs = await withDistrict(deps.app, ref.districtId, async (tx) => {
    const ended = await endSync(tx, ref, { ...known, state: 'previewed', changesKey, endingCount: seen.applied?.endings ?? 0 })
    if (ended) await keepCounts(tx, ref.syncId, { files: staged.files, changes: seen.applied?.counts ?? [] })
    return ended
  })
  return { outcome: isOurs ? 'previewed' : 'superseded' }
}

import { ApplicationFailure } from '@temporalio/activity'
import { FetchFailed, FetchRefused } from '../../../clients/guardedFetch/fetchFault.ts'
import { createProvider } from '../../../clients/oneroster/rest/createProvider.ts'
import type { Provider } from '../../../clients/oneroster/rest/createProvider.ts'
import { ProviderFault } from '../../../clients/oneroster/rest/providerFault.ts'
import { toFeed } from '../../../clients/oneroster/rest/toFeed.ts'
import { withDistrict } from '../../../db/openDatabase.ts'
import { queuePulledSync } from '../../../db/queries/endPull.ts'
import { findPull } from '../../../db/queries/findPull.ts'
import type { Pull } from '../../../db/queries/findPull.ts'
import { listRoleIds } from '../../../db/queries/listRoleIds.ts'
import { toFeedKey } from '../../../domain/roster/objectKeys.ts'
import { toSyncStart, type PullRef } from '../../../workflows/contract.ts'
import { whileHeartbeating } from '../../whileHeartbeating.ts'
import type { PullDeps } from './pullDeps.ts'

/** `rows`: how many were fetched, of all files. */
export type PulledFeed = { outcome: 'queued'; syncId: string; mode: 'bulk' | 'delta'; rows: number } | { outcome: 'superseded' }

/**
 * Changes are asked for from a little before the last pull began: the system's clock need not be ours, and a change that comes twice changes nothing.
 */
const overlapMs = 600_000

/**
 * Fetches what the district's system has into the roster bucket, as an ordinary feed, and queues its sync. Done again it fetches again: an upload that was
 * not followed by its row is an older version of the same object, which nothing reads.
 */
export const createPullFeed =
  (deps: PullDeps) =>
  async (ref: PullRef): Promise<PulledFeed> => {
    const pull = await withDistrict(deps.app, ref.districtId, (tx) => findPull(tx, ref))
    if (pull === null) return { outcome: 'superseded' }
    try {
      return await whileHeartbeating((signal) => fetchAndQueue(deps, ref, pull, signal))
    } catch (error) {
      throw toFailure(error)
    }
  }

const fetchAndQueue = async (deps: PullDeps, ref: PullRef, pull: Pull, signal: AbortSignal): Promise<PulledFeed> => {
  const since = pull.mode === 'bulk' || pull.cursorAt === null ? null : new Date(pull.cursorAt.getTime() - overlapMs)
  const key = toFeedKey(ref.districtId, pull.syncId)
  const pulled = await toFeed(await openProvider(deps, ref, pull), {
    since,
    sources: pull.sources,
    spillFolder: deps.spoolFolder,
    findRoleIds: (ids) => withDistrict(deps.app, ref.districtId, (tx) => listRoleIds(tx, ids)),
    signal,
  })
  try {
    const { versionId } = await deps.roster.write(key, pulled.feed, { signal })
    if (versionId === null) throw ApplicationFailure.nonRetryable('the roster bucket keeps no versions', 'BucketNotVersioned')
    const startFor = toSyncStart(deps.rosterQueue)
    const isOurs = await withDistrict(deps.app, ref.districtId, (tx) => queuePulledSync(tx, { ...ref, feed: { key, versionId }, startFor }))
    if (!isOurs) return { outcome: 'superseded' }
    return {
      outcome: 'queued',
      syncId: pull.syncId,
      mode: pull.mode,
      rows: Object.values(pulled.rows).reduce((sum, count) => sum + count, 0),
    }
  } finally {
    await pulled.close()
  }
}

const openProvider = async ({ districtKeys, guardedFetch, patience }: PullDeps, ref: PullRef, pull: Pull): Promise<Provider> => {
  const cipher = await districtKeys.forDistrict(ref.districtId)
  const clientSecret = cipher.openText({ table: 'roster_pulls', rowId: ref.pullId, column: 'client_secret' }, pull.clientSecret)
  const { baseUrl, tokenUrl, clientId } = pull
  return createProvider({ fetch: guardedFetch, baseUrl, credentials: { tokenUrl, clientId, clientSecret }, patience })
}

/** The type of the failure is the code that the district is shown. */
const toFailure = (error: unknown): unknown => {
  if (error instanceof ProviderFault)
    return error.mayPass
      ? ApplicationFailure.retryable(error.message, error.code)
      : ApplicationFailure.nonRetryable(error.message, error.code)
  if (error instanceof FetchRefused) return ApplicationFailure.nonRetryable(error.message, error.code)
  if (error instanceof FetchFailed) return ApplicationFailure.retryable(error.message, error.code)
  return error
}

import type { Client } from '@temporalio/client'
import { describeDeployment } from '../clients/deployment/describeDeployment.ts'
import { hasPollers } from '../clients/deployment/hasPollers.ts'
import { moveOpenRuns } from '../clients/deployment/moveOpenRuns.ts'
import { setCurrentVersion } from '../clients/deployment/setCurrentVersion.ts'
import type { WorkerVersion } from '../clients/deployment/workerVersion.ts'
import { decidePromotion } from '../domain/decidePromotion.ts'

export type VersionKeeper = {
  client: Client
  /** The version of this process. */
  own: WorkerVersion
  /** A workflow queue that every version serves. */
  taskQueue: string
  /** How long a worker may be silent before it counts as gone. Milliseconds. */
  silentMs?: number
  /**
   * Build ids that no worker was seen to serve, and since when (milliseconds since 1970); kept from look to look. A server that was just started has forgotten who
   * polls it, so one look says nothing.
   */
  unseenSince?: Map<string, number>
}

/** Longer than workers need to come back to a server that was started again. */
const goneAfterMs = 30_000

export type KeptVersion = {
  /** Whether new runs come to the version of this process, now; null when the server does not let them yet. */
  isCurrent: boolean | null
  /** Runs of versions that nobody serves any more, which go on under the current one. */
  moved: number
}

/**
 * One look of a worker at its deployment (docs/decisions/worker-versions.md): makes its version current when it should be, and lets the runs of versions without a worker go on under the
 * current one, so that stopping the old processes before the new ones start loses nothing. Safe to call from every worker again and again.
 */
export const keepVersion = async ({ client, own, taskQueue, silentMs, unseenSince = new Map() }: VersionKeeper): Promise<KeptVersion> => {
  const { deploymentName } = own
  const isServed = async (buildId: string): Promise<boolean> => {
    if (await hasPollers(client, taskQueue, { deploymentName, buildId }, silentMs)) {
      unseenSince.delete(buildId)
      return true
    }
    const since = unseenSince.get(buildId) ?? Date.now()
    unseenSince.set(buildId, since)
    return Date.now() - since < Math.min(goneAfterMs, silentMs ?? goneAfterMs)
  }
  const versions = await describeDeployment(client, deploymentName)
  const current = versions.find(({ standing }) => standing === 'current')?.buildId ?? null
  const facts = {
    own: own.buildId,
    current,
    wasCurrent: versions.some(({ buildId, standing }) => buildId === own.buildId && (standing === 'draining' || standing === 'drained')),
    isCurrentServed: current !== null && (await isServed(current)),
  }
  const isPromoted = decidePromotion(facts) === 'promote' ? await setCurrentVersion(client, own) : null
  let moved = 0
  for (const { buildId, standing } of versions) {
    if (standing === 'draining' && buildId !== own.buildId && !(await isServed(buildId)))
      moved += await moveOpenRuns(client, { deploymentName, buildId })
  }
  return { isCurrent: isPromoted === null ? current === own.buildId : isPromoted || null, moved }
}

import { feedUpload } from '../../domain/roster/uploads.ts'
import { collectFaults } from '../collectFaults.ts'
import type { SweepDeps } from '../sweepDeps.ts'
import { whileHeartbeating } from '../whileHeartbeating.ts'

const dayMs = 86_400_000

/**
 * Removes feeds and reports on them whose time is over, every version of them, and uploads that were left half done. Age is counted by this machine's clock
 * against the store's. Answers how many objects.
 */
export const createForgetFeeds =
  ({ roster, windows }: Pick<SweepDeps, 'roster' | 'windows'>) =>
  (): Promise<number> =>
    whileHeartbeating(async (signal) => {
      const faults = collectFaults(signal)
      const now = Date.now()
      let forgotten = 0
      for await (const { key, versionId, lastModified } of roster.allVersions()) {
        if (now - lastModified.getTime() < feedUpload.keptDays * dayMs) continue
        const isForgotten = await faults.attempt(() => roster.deleteVersion(key, versionId).then(() => true))
        if (isForgotten === true) forgotten += 1
      }
      await faults.attempt(() => roster.abortMultipartUploads(new Date(now - windows.straySeconds * 1_000)))
      faults.throwIfAny()
      return forgotten
    })

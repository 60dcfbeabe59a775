import { collectFaults } from './collectFaults.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

/** Aborts multipart uploads that a worker which died left half done; nothing that is still being written is this old. Answers how many. */
export const createAbortStaleUploads =
  ({ incoming, clean, quarantine, windows }: Pick<SweepDeps, 'incoming' | 'clean' | 'quarantine' | 'windows'>) =>
  (): Promise<number> =>
    whileHeartbeating(async (signal) => {
      const before = new Date(Date.now() - windows.straySeconds * 1_000)
      const faults = collectFaults(signal)
      let aborted = 0
      for (const bucket of [incoming, clean, quarantine]) {
        aborted += (await faults.attempt(() => bucket.abortMultipartUploads(before))) ?? 0
      }
      faults.throwIfAny()
      return aborted
    })

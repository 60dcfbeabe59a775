import type { SweepDeps } from './sweepDeps.ts'

/** Aborts multipart uploads that a worker which died left half done; nothing that is still being written is this old. Answers how many. */
export const createAbortStaleUploads =
  ({ incoming, clean, quarantine, windows }: Pick<SweepDeps, 'incoming' | 'clean' | 'quarantine' | 'windows'>) =>
  async (): Promise<number> => {
    const before = new Date(Date.now() - windows.straySeconds * 1_000)
    let aborted = 0
    for (const bucket of [incoming, clean, quarantine]) aborted += await bucket.abortMultipartUploads(before)
    return aborted
  }

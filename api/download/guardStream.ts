import type { Readable } from 'node:stream'

/** The receiver's access ended or could not be confirmed, or the receiver stalled. */
export class DownloadCut extends Error {
  override readonly name = 'DownloadCut'
}

export type StreamGuard = {
  /** When the caller's own decision was asked for, on the clock of `performance.now()`: the first bytes live on it. */
  decidedAt: number
  /** Decides again, now. A rejection counts as no (law 4). */
  isStillAllowed(): Promise<boolean>
  bytesPerDecision: number
  decisionMs: number
  /** A receiver that takes nothing for this long loses the connection, and the store its reader. */
  stallMs: number
  /**
   * Breaks the connection, so that the receiver sees a broken file and not a short one. The server's own way to report a failing
   * body writes the error's message behind the bytes that were sent, so the stream itself never fails.
   */
  tear(fault: unknown): void
}

/**
 * Passes `source` on so that no byte leaves on a decision that is older than `decisionMs` or has already let `bytesPerDecision`
 * through (law 1): the caller's own at first, however long it took until there were bytes. Nothing is read ahead of the receiver.
 */
export const guardStream = (source: Readable, guard: StreamGuard): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const chunks = source.iterator({ destroyOnReturn: true })
  let { decidedAt } = guard
  let bytesOnDecision = 0
  let stall: NodeJS.Timeout | undefined

  const decide = async (chunkBytes: number): Promise<void> => {
    const isFresh = performance.now() - decidedAt < guard.decisionMs && bytesOnDecision + chunkBytes <= guard.bytesPerDecision
    if (!isFresh) {
      const askedAt = performance.now()
      if (!(await guard.isStillAllowed().catch(() => false))) throw new DownloadCut('access ended')
      decidedAt = askedAt
      bytesOnDecision = 0
    }
    bytesOnDecision += chunkBytes
  }

  const end = (): void => {
    clearTimeout(stall)
    source.destroy()
  }

  return new ReadableStream(
    {
      async pull(controller) {
        clearTimeout(stall)
        try {
          const next: IteratorResult<Buffer<ArrayBuffer>> = await chunks.next()
          if (next.done) {
            end()
            controller.close()
            return
          }
          await decide(next.value.length)
          controller.enqueue(next.value)
          stall = setTimeout(() => {
            end()
            guard.tear(new DownloadCut('receiver stalled'))
          }, guard.stallMs)
          stall.unref()
        } catch (error) {
          end()
          guard.tear(error)
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

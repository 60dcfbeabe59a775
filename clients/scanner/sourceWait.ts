/** How long a scan has waited for the bytes of its file. Milliseconds. */
export type SourceWait = {
  began(): void
  ended(): void
  /** Whether it still waits, and has done so for more than half of this time: then it is the source that is slow, and not the engine. */
  isMostOf(elapsedMs: number): boolean
}

export const createSourceWait = (): SourceWait => {
  let waitedMs = 0
  let since: number | null = null
  const waitedNow = (): number => waitedMs + (since === null ? 0 : performance.now() - since)
  return {
    began: () => {
      since = performance.now()
    },
    ended: () => {
      waitedMs = waitedNow()
      since = null
    },
    isMostOf: (elapsedMs) => since !== null && waitedNow() > elapsedMs / 2,
  }
}

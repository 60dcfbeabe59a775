/**
 * The bytes of a file, at any place of it, without the whole of it in memory. Synchronous: the rules compute without a pause, in a thread
 * of their own (`contentThread.ts`). Every read of a file gives the same bytes, or throws.
 */
export type Content = {
  readonly bytes: number
  /** How much a rule that goes through the whole looks at together. */
  readonly windowBytes: number
  /** Copies what begins at `start` into `into`, as much as fits or there is, and answers how much that was. */
  copy(into: Buffer, start: number): number
}

/** Memory that is asked for once and filled again and again: what is left to the collector adds up to the size of the file. */
const defaultWindowBytes = 512 * 1024

/** Bytes that lie in memory: what was unpacked from a file. */
export const toContent = (bytes: Buffer, windowBytes = defaultWindowBytes): Content => ({
  bytes: bytes.length,
  windowBytes,
  copy: (into, start) => bytes.copy(into, 0, Math.min(start, bytes.length)),
})

/** The bytes from `start` up to `end`, which is not included, as far as the file goes. */
export const readContent = (content: Content, start: number, end: number): Buffer => {
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, content.bytes) - start))
  return bytes.subarray(0, content.copy(bytes, start))
}

/** Reads up to `windowBytes` from a place on, into one and the same buffer: what it gave last is overwritten. */
export const openWindow = (content: Content, windowBytes: number): ((start: number) => Buffer) => {
  const window = Buffer.allocUnsafe(Math.min(windowBytes, content.bytes))
  return (start) => window.subarray(0, content.copy(window, start))
}

/** Small pieces, so that no stream behind them holds much. */
const chunkBytes = 64 * 1024

/** The chunks of a part of a file, read when they are asked for. */
export function* toChunks(content: Content, start = 0, end = content.bytes): Generator<Buffer> {
  for (let at = start; at < end; at += chunkBytes) yield readContent(content, at, Math.min(end, at + chunkBytes))
}

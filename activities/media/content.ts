/**
 * The bytes of a file, at any place of it, without the whole of it in memory. Synchronous: the rules compute without a pause, in a thread
 * of their own (`contentThread.ts`). Every read of a file gives the same bytes, or throws.
 */
export type Content = {
  readonly bytes: number
  /** How much a rule that goes through the whole reads at once. */
  readonly windowBytes: number
  /** The bytes from `start` up to `end`, which is not included, as far as the file goes. Not to be written to. */
  read(start: number, end: number): Buffer
}

const windowBytes = 1024 * 1024

/** Bytes that lie in memory: what was unpacked from a file. */
export const toContent = (bytes: Buffer, window = windowBytes): Content => ({
  bytes: bytes.length,
  windowBytes: window,
  read: (start, end) => bytes.subarray(start, end),
})

/** Small pieces, so that no stream behind them holds much. */
const chunkBytes = 64 * 1024

/** The chunks of a part of a file, read when they are asked for. */
export function* toChunks(content: Content, start = 0, end = content.bytes): Generator<Buffer> {
  for (let at = start; at < end; at += chunkBytes) yield content.read(at, Math.min(end, at + chunkBytes))
}

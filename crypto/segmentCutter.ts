/**
 * Cuts a byte stream into pieces of given sizes, and always keeps back the last bytes: a piece is given out only when more follows it,
 * so that the caller knows of every piece whether it is the last. Holds at most one piece.
 */
export type SegmentCutter = {
  /** Takes a chunk and yields the pieces that are certainly not the last. */
  add(chunk: Buffer): Generator<Buffer>
  /** What is left at the end: the last piece, possibly empty. */
  rest(): Buffer
}

/**
 * `sizeOf(n)` is the size in bytes of the piece with index n, at least 1. With `isReused`, what was yielded is good only until the next: for
 * receivers that take it in at once.
 */
export const createSegmentCutter = (sizeOf: (index: number) => number, { isReused = false } = {}): SegmentCutter => {
  let index = 0
  let piece = Buffer.allocUnsafe(sizeOf(0))
  let filled = 0
  return {
    *add(chunk) {
      let taken = 0
      while (taken < chunk.length) {
        if (filled === piece.length) {
          yield piece
          index += 1
          const size = sizeOf(index)
          if (!isReused || size !== piece.length) piece = Buffer.allocUnsafe(size)
          filled = 0
        }
        const copied = chunk.copy(piece, filled, taken)
        taken += copied
        filled += copied
      }
    },
    rest: () => piece.subarray(0, filled),
  }
}

import { toChunks, type Content } from './content.ts'

/** Bytes of a file, `end` not included. */
export type Range = { start: number; end: number }

/** A part of a file made new: bytes of the original, or as many others in their place. */
export type Piece = Range & { as: 'kept' | 'zeros' | 'free' }

const zeros = Buffer.alloc(64 * 1024)
const free = Buffer.from('free')

/** Gives the new file to `write`, in order and in small chunks that are not to be written to. Answers how many bytes it has. */
export const writePieces = (content: Content, pieces: readonly Piece[], write: (chunk: Buffer) => void): number => {
  let bytes = 0
  for (const { start, end, as } of pieces) {
    bytes += end - start
    if (as === 'kept') for (const chunk of toChunks(content, start, end)) write(chunk)
    else if (as === 'free') write(free)
    else for (let at = start; at < end; at += zeros.length) write(zeros.subarray(0, Math.min(zeros.length, end - at)))
  }
  return bytes
}

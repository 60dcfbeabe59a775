import { appendFileSync, readSync } from 'node:fs'
import {
  ciphertextBytes,
  deriveSegmentCipher,
  headerBytes,
  locateOffset,
  segmentBytes,
  StreamUnreadable,
} from '../../crypto/tinkStreamFormat.ts'
import { createStreamSealer } from '../../crypto/tinkStreamSealer.ts'
import type { Content } from '../media/content.ts'
import { spoolAssociatedData } from './openSpool.ts'

/** A spool as another thread of the process sees it. */
export type SealedFile = { fd: number; key: Uint8Array }

export type SealedContent = {
  content: Content
  /**
   * After it nothing is read any more. Answers the name of what went wrong with the file itself, after which nothing that was
   * found in it counts; null when nothing did.
   */
  end(): string | null
}

const windowBytes = 1024 * 1024
/** Unsealed and at hand, so that small files are unsealed once: 8 MiB of segments. */
const segmentsKept = 128

/** What was sealed into the file, at any place, by opening the segments that hold it. `bytes` is how much of it there is. */
export const openSealedContent = ({ fd, key }: SealedFile, bytes: number): SealedContent => {
  let fault: string | null = null
  let isEnded = false
  const openSegment = createSegmentOpener({ fd, key }, bytes)
  const read = (start: number, end: number): Buffer => {
    if (isEnded) throw new Error('nothing is read any more')
    try {
      return joinSegments(openSegment, start, Math.min(end, bytes))
    } catch (error) {
      fault = error instanceof Error ? error.name : 'Unknown'
      throw error
    }
  }
  const finish = (): string | null => {
    isEnded = true
    return fault
  }
  return { content: { bytes, windowBytes, read }, end: finish }
}

const joinSegments = (openSegment: (segment: number) => Buffer, start: number, end: number): Buffer => {
  if (start >= end) return Buffer.alloc(0)
  const { segment, within } = locateOffset(start)
  const first = openSegment(segment).subarray(within, within + end - start)
  if (first.length === end - start) return first
  const joined = Buffer.allocUnsafe(end - start)
  let filled = first.copy(joined)
  for (let next = segment + 1; filled < joined.length; next += 1) filled += openSegment(next).copy(joined, filled)
  return joined
}

/** Reads and opens segments, and keeps those that were asked for last. */
const createSegmentOpener = ({ fd, key }: SealedFile, bytes: number): ((segment: number) => Buffer) => {
  const sealedBytes = ciphertextBytes(bytes)
  const last = Math.ceil(sealedBytes / segmentBytes) - 1
  const cipher = deriveSegmentCipher(Buffer.from(key), spoolAssociatedData, readExactly(fd, 0, headerBytes))
  const kept = new Map<number, Buffer>()
  return (segment) => {
    const found = kept.get(segment)
    if (found !== undefined) {
      // To the end of the queue of those that go.
      kept.delete(segment)
      kept.set(segment, found)
      return found
    }
    const start = segment === 0 ? headerBytes : segment * segmentBytes
    const end = Math.min((segment + 1) * segmentBytes, sealedBytes)
    const opened = cipher.open(segment, segment === last, readExactly(fd, start, end))
    kept.set(segment, opened)
    for (const oldest of kept.keys()) {
      if (kept.size <= segmentsKept) break
      kept.delete(oldest)
    }
    return opened
  }
}

const readExactly = (fd: number, start: number, end: number): Buffer => {
  const bytes = Buffer.allocUnsafe(end - start)
  for (let filled = 0; filled < bytes.length;) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
    if (count === 0) throw new StreamUnreadable('cut short')
    filled += count
  }
  return bytes
}

/** Seals what it is given into an empty file, in order. `end` must be called before anything is read. */
export const openSealedWriter = ({ fd, key }: SealedFile): { write(chunk: Buffer): void; end(): void } => {
  const sealer = createStreamSealer(Buffer.from(key), spoolAssociatedData)
  appendFileSync(fd, sealer.header)
  return {
    write: (chunk) => {
      for (const sealed of sealer.add(chunk)) appendFileSync(fd, sealed)
    },
    end: () => appendFileSync(fd, sealer.end()),
  }
}

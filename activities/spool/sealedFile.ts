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
import { giveBack } from './giveBack.ts'
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

/** Rules make a string of it. A longer one is a large object to V8, and the thread's small heap is collected for each: that took as long as all the rest of a look. */
const windowBytes = 64 * 1024
/** Unsealed and at hand, so that small files are unsealed once: 6 MiB of segments. */
const segmentsKept = 96

/** What was sealed into the file, at any place, by opening the segments that hold it. `bytes` is how much of it there is. */
export const openSealedContent = ({ fd, key }: SealedFile, bytes: number): SealedContent => {
  let fault: string | null = null
  let isEnded = false
  const openSegment = createSegmentOpener({ fd, key }, bytes)
  const copy = (into: Buffer, start: number): number => {
    if (isEnded) throw new Error('nothing is read any more')
    try {
      return copySegments(openSegment, into, start, Math.min(start + into.length, bytes))
    } catch (error) {
      fault = error instanceof Error ? error.name : 'Unknown'
      throw error
    }
  }
  const end = (): string | null => {
    isEnded = true
    return fault
  }
  return { content: { bytes, windowBytes, copy }, end }
}

const copySegments = (openSegment: (segment: number) => Buffer, into: Buffer, start: number, end: number): number => {
  let filled = 0
  while (start + filled < end) {
    const { segment, within } = locateOffset(start + filled)
    filled += openSegment(segment).copy(into, filled, within, within + end - start - filled)
  }
  return filled
}

/** Opens segments, and keeps those that were asked for last. What it gives is good until it is asked again. */
const createSegmentOpener = ({ fd, key }: SealedFile, bytes: number): ((segment: number) => Buffer) => {
  const sealedBytes = ciphertextBytes(bytes)
  const last = Math.ceil(sealedBytes / segmentBytes) - 1
  const cipher = deriveSegmentCipher(Buffer.from(key), spoolAssociatedData, readExactly(fd, Buffer.alloc(headerBytes), 0))
  const sealed = Buffer.allocUnsafe(segmentBytes)
  const kept = new Map<number, Buffer>()
  const makeRoom = (): void => {
    const [oldest] = kept
    if (oldest === undefined || kept.size < segmentsKept) return
    kept.delete(oldest[0])
    giveBack(oldest[1])
  }
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
    const opened = cipher.open(segment, segment === last, readExactly(fd, sealed.subarray(0, end - start), start))
    makeRoom()
    kept.set(segment, opened)
    return opened
  }
}

/** Fills all of `into`, which it answers. */
const readExactly = (fd: number, into: Buffer, start: number): Buffer => {
  for (let filled = 0; filled < into.length;) {
    const count = readSync(fd, into, filled, into.length - filled, start + filled)
    if (count === 0) throw new StreamUnreadable('cut short')
    filled += count
  }
  return into
}

/** Seals what it is given into an empty file, in order. `end` must be called before anything is read. */
export const openSealedWriter = ({ fd, key }: SealedFile): { write(chunk: Buffer): void; end(): void } => {
  const sealer = createStreamSealer(Buffer.from(key), spoolAssociatedData)
  const append = (sealed: Buffer): void => {
    appendFileSync(fd, sealed)
    giveBack(sealed)
  }
  append(sealer.header)
  return {
    write: (chunk) => {
      for (const sealed of sealer.add(chunk)) append(sealed)
    },
    end: () => {
      for (const sealed of sealer.end()) append(sealed)
    },
  }
}

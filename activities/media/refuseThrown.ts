import type { RefusalReason } from '../../domain/attachment.ts'
import { findFileType } from '../../domain/fileTypes.ts'

/** Memory or threads were not to be had: says nothing of the file, and is worth another try. */
export class InspectionFault extends Error {
  override readonly name = 'InspectionFault'
}

const unreadable: Readonly<Record<string, RefusalReason>> = {
  image: 'image-unreadable',
  audio: 'media-unreadable',
  video: 'media-unreadable',
}

/**
 * Which refusal it is when looking at hostile bytes throws. The same bytes would throw again on every try, so it is an answer: too much for
 * a stack or a string (RangeError) is our limit, the rest is damage. @throws what is a fault of ours
 */
export const refuseThrown = (error: unknown, contentType: string): RefusalReason => {
  if (error instanceof InspectionFault || isMemoryFault(error)) throw error
  if (error instanceof RangeError) return 'engine-limits'
  return unreadable[findFileType(contentType)?.family ?? ''] ?? 'document-unreadable'
}

/** V8 and Node for a buffer that the machine did not give, which is not larger than our limits allow. */
const isMemoryFault = (error: unknown): boolean =>
  error instanceof RangeError &&
  (error.message === 'Array buffer allocation failed' || ('code' in error && error.code === 'ERR_MEMORY_ALLOCATION_FAILED'))

/** libvips' own words (thread.c, memory.c) and the system's. What decoders say of memory quotes sizes that a file made up. */
const oursInVips = /\bunable to create thread\b|\bvips_tracked: out of memory\b|\bCannot allocate memory\b/

/** What sharp's refusal to decode means: a fault of ours, our patience, or a damaged picture. @throws InspectionFault */
export const toImageRefusal = (error: unknown): 'image-unreadable' | 'engine-limits' => {
  const message = error instanceof Error ? error.message : ''
  // Without the message, which may quote what was read.
  if (oursInVips.test(message)) throw new InspectionFault()
  return /\btimeout: \d+% complete\b/.test(message) ? 'engine-limits' : 'image-unreadable'
}

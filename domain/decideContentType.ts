import type { ContentFinding } from './decideVerdict.ts'
import { fileTypes, findFileType } from './fileTypes.ts'

/** What sniffers call types that we list under another name. An audio-only MP4 is often marked as plain MP4. */
const alsoSeenAs: Readonly<Record<string, readonly string[]>> = {
  'audio/mp4': ['audio/x-m4a', 'video/mp4'],
  'video/mp4': ['video/x-m4v'],
  'image/png': ['image/apng'],
}

/** Sniffers tell an Office package from a plain zip only when its parts come in the usual order; its inspection decides. */
const isPackage = (sniffed: string | null): boolean => sniffed === 'application/zip'

/** Formats that are text themselves and that some program would run or lay out, whatever the name says. */
const laidOutText: readonly string[] = ['application/rtf', 'application/postscript', 'application/eps', 'application/pdf']

/**
 * Whether bytes that look like `sniffed` (null: like nothing that is known) are what was declared. A text has no mark of its own:
 * it is believed here unless it looks like a listed binary type, and its bytes are checked apart.
 */
export const decideContentType = (sniffed: string | null, declared: string): ContentFinding => {
  const type = findFileType(declared)
  if (type === null) return { refused: 'type-not-allowed' }
  const { contentType, family } = type
  if (sniffed?.includes('macroenabled')) return { refused: 'macros' }
  if (family === 'text') {
    const isOther = sniffed !== null && (laidOutText.includes(sniffed) || fileTypes.some((listed) => listed.contentType === sniffed))
    return isOther ? { refused: 'type-mismatch' } : { contentType }
  }
  const isSame = sniffed === contentType || (sniffed !== null && (alsoSeenAs[contentType] ?? []).includes(sniffed))
  return isSame || (family === 'document' && isPackage(sniffed)) ? { contentType } : { refused: 'type-mismatch' }
}

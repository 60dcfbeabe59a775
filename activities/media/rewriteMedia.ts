import type { RefusalReason } from '../../domain/attachment.ts'
import { findFileType } from '../../domain/fileTypes.ts'
import { refuseThrown } from './refuseThrown.ts'
import { rewriteImage } from './rewriteImage.ts'
import { rewriteMp3 } from './rewriteMp3.ts'
import { rewriteMp4 } from './rewriteMp4.ts'

type Rewritten = { bytes: Buffer } | { refused: RefusalReason }

/**
 * A picture or recording made new without what it tells of place, time, device and people. What was refused here cannot
 * be read to its end. Only for types that `isRewritten`. `content` is left as it was. Rejects only for faults of ours.
 */
export const rewriteMedia = async (content: Buffer, contentType: string): Promise<Rewritten> => {
  try {
    return await rewriteFamily(content, contentType)
  } catch (error) {
    return { refused: refuseThrown(error, contentType) }
  }
}

const rewriteFamily = async (content: Buffer, contentType: string): Promise<Rewritten> => {
  const type = findFileType(contentType)
  if (type?.family === 'image') return rewriteImage(content, type.contentType)
  const bytes = type?.contentType === 'audio/mpeg' ? rewriteMp3(content) : rewriteMp4(content)
  return bytes === null ? { refused: 'media-unreadable' } : { bytes }
}

import type { RefusalReason } from '../../domain/attachment.ts'
import { findFileType } from '../../domain/fileTypes.ts'
import { readContent, toChunks, toContent, type Content } from './content.ts'
import { writePieces, type Piece } from './pieces.ts'
import { refuseThrown } from './refuseThrown.ts'
import { rewriteImage } from './rewriteImage.ts'
import { rewriteMp3 } from './rewriteMp3.ts'
import { rewriteMp4 } from './rewriteMp4.ts'

type Rewritten = { bytes: number } | { refused: RefusalReason }

/**
 * A picture or recording made new without what it tells of place, time, device and people, given to `write` in order; `bytes` says how long
 * it is. What was refused here cannot be read to its end, and nothing of it was written. Only for types that `isRewritten`.
 * Rejects only for faults of ours.
 */
export const rewriteMedia = async (content: Content, contentType: string, write: (chunk: Buffer) => void): Promise<Rewritten> => {
  const type = findFileType(contentType)
  if (type?.family === 'image') {
    const made = await rewriteImage(readContent(content, 0, content.bytes), type.contentType).catch((error: unknown) => ({
      refused: refuseThrown(error, contentType),
    }))
    if ('bytes' in made) for (const chunk of toChunks(toContent(made.bytes))) write(chunk)
    return 'bytes' in made ? { bytes: made.bytes.length } : made
  }
  const pieces = planRecording(content, contentType)
  return 'refused' in pieces ? pieces : { bytes: writePieces(content, pieces, write) }
}

/** Of what a recording is made new, without making it. Rejects only for faults of ours. */
export const planRecording = (content: Content, contentType: string): Piece[] | { refused: RefusalReason } => {
  try {
    const pieces = findFileType(contentType)?.contentType === 'audio/mpeg' ? rewriteMp3(content) : rewriteMp4(content)
    return pieces ?? { refused: 'media-unreadable' }
  } catch (error) {
    return { refused: refuseThrown(error, contentType) }
  }
}

import { decideContentType } from '../../domain/decideContentType.ts'
import type { ContentFinding } from '../../domain/decideVerdict.ts'
import { findFileType } from '../../domain/fileTypes.ts'
import type { RefusalReason } from '../../domain/attachment.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import { isEncryptedCompoundFile } from './compoundFile.ts'
import { readContent, type Content } from './content.ts'
import { inspectDocument } from './inspectDocument.ts'
import { inspectImage } from './inspectImage.ts'
import { inspectPdf } from './inspectPdf.ts'
import { inspectText } from './inspectText.ts'
import { refuseThrown } from './refuseThrown.ts'
import { planRecording } from './rewriteMedia.ts'
import { sniffType } from './sniffType.ts'

/**
 * Looks at what was uploaded, apart from the virus scanner: is it what it claims to be, can it be read to the end, does
 * anything in it run by itself? Computes without a pause: in a process that does other work, through `inspectInThread`.
 * A refusal is an answer, also where the bytes make a library throw; it rejects only for faults of ours.
 */
export const inspectContent = async (content: Content, declared: { contentType: string }): Promise<ContentFinding> => {
  if (content.bytes === 0) return { refused: 'empty' }
  if (content.bytes > uploadLimits.bytesCeiling) return { refused: 'too-large' }
  const sniffed = await sniffType(content)
  const family = findFileType(declared.contentType)?.family
  if (family === 'document' && isEncryptedCompoundFile(content)) return { refused: 'encrypted' }
  const decided = decideContentType(sniffed, declared.contentType)
  if ('refused' in decided) return decided
  const refused = await inspectFamily(content, decided.contentType).catch((error: unknown) => refuseThrown(error, decided.contentType))
  return refused === null ? decided : { refused }
}

const inspectFamily = async (content: Content, contentType: string): Promise<RefusalReason | null> => {
  switch (findFileType(contentType)?.family) {
    case 'text':
      return inspectText(content)
    case 'pdf':
      return inspectPdf(content)
    case 'document':
      return inspectDocument(content, contentType)
    case 'image':
      return inspectImage(readContent(content, 0, content.bytes), contentType)
    case 'audio':
    case 'video': {
      const pieces = planRecording(content, contentType)
      return 'refused' in pieces ? pieces.refused : null
    }
    case undefined:
    default:
      return 'type-not-allowed'
  }
}

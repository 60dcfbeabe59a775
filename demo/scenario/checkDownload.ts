import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { ApiClient } from '../../api/client.ts'
import { findFileType } from '../../domain/fileTypes.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'

/** Families whose bytes reach the reader as they were sent; the others are written anew without metadata. */
const isUntouched = (contentType: string): boolean => ['pdf', 'document', 'text'].includes(findFileType(contentType)?.family ?? '')

const findImageFaults = async (content: Buffer): Promise<string[]> => {
  const { exif, xmp, iptc, icc, comments } = await sharp(content).metadata()
  return exif || xmp || iptc || icc || comments?.length ? ['metadata survived in the picture'] : []
}

const findContentFaults = async (file: WrittenFile, content: Buffer): Promise<string[]> => {
  const faults: string[] = []
  if (file.privateMark !== undefined && content.includes(file.privateMark)) faults.push('what was private survived in the download')
  if (file.contentType.startsWith('image/')) faults.push(...(await findImageFaults(content)))
  if (isUntouched(file.contentType) && createHash('sha256').update(content).digest('hex') !== file.sha256)
    faults.push('the download has other bytes')
  return faults
}

const findHeaderFaults = (headers: Headers): string[] => {
  const faults: string[] = []
  if (!headers.get('content-disposition')?.startsWith('attachment')) faults.push('the download may open inside the page')
  if (headers.get('x-content-type-options') !== 'nosniff') faults.push('the download lets the browser guess its type')
  if (!headers.get('content-security-policy')?.includes('sandbox')) faults.push('the download is not sandboxed')
  return faults
}

/** Downloads a clean file as this person and looks at it closely. Answers what is wrong with it. */
export const checkDownload = async (client: ApiClient, attachmentId: string, file: WrittenFile): Promise<string[]> => {
  const answer = await client.v1.attachments[':id'].content.$get({ param: { id: attachmentId } })
  if (answer.status !== 200) return [`a clean file could not be downloaded: HTTP ${answer.status}`]
  const content = Buffer.from(await answer.arrayBuffer())
  return [...findHeaderFaults(answer.headers), ...(await findContentFaults(file, content))]
}

/** Tries to download what must not be had. Answers what is wrong. */
export const checkNoDownload = async (client: ApiClient, attachmentId: string): Promise<string[]> => {
  const answer = await client.v1.attachments[':id'].content.$get({ param: { id: attachmentId } })
  await answer.body?.cancel()
  return [403, 404, 409].includes(answer.status) ? [] : [`a file that is not clean was answered with HTTP ${answer.status}`]
}

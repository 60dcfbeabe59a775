import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import { toImageRefusal } from './refuseThrown.ts'

// Decoded pictures of children stay in memory no longer than they are worked on.
sharp.cache(false)

const formats: Readonly<Record<string, string>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/gif': 'gif', 'image/webp': 'webp' }

/** Content types whose frames are kept. */
const isAnimated = (contentType: string): boolean => contentType === 'image/gif' || contentType === 'image/webp'

/** Work in libvips does not end with the thread that asked for it. */
const secondsMax = 60

/** The picture with all frames, refusing to decode what is cut off, damaged or over the pixel limit (all frames counted). */
export const openImage = (content: Buffer, contentType: string): Sharp =>
  sharp(content, { failOn: 'error', limitInputPixels: uploadLimits.imagePixelsMax, animated: isAnimated(contentType) }).timeout({
    seconds: secondsMax,
  })

/** Which refusal the header alone already asks for, before anything is decoded; null when none. @throws InspectionFault */
export const checkImageHeader = async (
  content: Buffer,
  contentType: string,
): Promise<'image-unreadable' | 'image-too-many-pixels' | 'engine-limits' | null> => {
  const header = await sharp(content, { limitInputPixels: false, animated: isAnimated(contentType) })
    .metadata()
    .catch(toImageRefusal)
  if (typeof header === 'string') return header
  if (header.format !== formats[contentType]) return 'image-unreadable'
  // With all frames loaded, `height` is that of the frames on top of each other.
  return header.width * header.height > uploadLimits.imagePixelsMax ? 'image-too-many-pixels' : null
}

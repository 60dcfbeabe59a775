import type { RefusalReason } from '../../domain/attachment.ts'
import { toImageRefusal } from './refuseThrown.ts'
import { checkImageHeader, openImage } from './openImage.ts'

/** Near the point from which more brings no visible gain. */
const quality = 90

/**
 * The same picture made new in its own format: turned upright, in sRGB, without EXIF, XMP, thumbnails, comments or
 * anything behind its end. Frames of GIF and WebP stay; those of an animated PNG do not.
 */
export const rewriteImage = async (content: Buffer, contentType: string): Promise<{ bytes: Buffer } | { refused: RefusalReason }> => {
  const refused = await checkImageHeader(content, contentType)
  if (refused !== null) return { refused }
  const upright = openImage(content, contentType).autoOrient()
  const made = {
    'image/jpeg': () => upright.jpeg({ quality }),
    'image/png': () => upright.png(),
    'image/gif': () => upright.gif(),
    'image/webp': () => upright.webp({ quality }),
  }[contentType]
  if (made === undefined) throw new TypeError('not a type of picture that may be sent')
  return made()
    .toBuffer()
    .then(
      (bytes) => ({ bytes }),
      (error: unknown) => ({ refused: toImageRefusal(error) }),
    )
}

import type { RefusalReason } from '../../domain/attachment.ts'
import { toImageRefusal } from './refuseThrown.ts'
import { checkImageHeader, openImage } from './openImage.ts'

/** Whether the picture is of its type, within the pixel limit, and decodes to the last line. @throws InspectionFault */
export const inspectImage = async (content: Buffer, contentType: string): Promise<RefusalReason | null> => {
  const refused = await checkImageHeader(content, contentType)
  if (refused !== null) return refused
  return openImage(content, contentType)
    .stats()
    .then(() => null, toImageRefusal)
}

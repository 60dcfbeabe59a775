/** What an uploader is told by mail of a file that did not pass. It names no file, no person and no child: mail is not private. */
import type { AttachmentState, RefusalReason } from './attachment.ts'

export type Notice = { subject: string; text: string }

const reasons: Record<RefusalReason, string> = {
  empty: 'The file was empty.',
  'too-large': 'The file was too large.',
  'type-not-allowed': 'This type of file cannot be sent.',
  'type-mismatch': 'The content of the file did not fit its name.',
  encrypted: 'The file was protected with a password, so it could not be checked. Send it without the password.',
  'engine-limits': 'The file was too large or too deeply packed to be checked.',
  'image-unreadable': 'The picture was damaged.',
  'image-too-many-pixels': 'The picture had too many pixels. Send it smaller.',
  'text-not-utf8': 'The text was in an encoding that cannot be shown. Save it as UTF-8.',
  macros: 'The document contained macros. Save it without macros.',
  'media-unreadable': 'The recording was damaged.',
  'document-unreadable': 'The document was damaged.',
  'active-content':
    'The document contained something that can run by itself, such as a script or another file. Print it to PDF and send that.',
}

/** The mail to the uploader, or null when the file's state is nothing to write about. */
export const toUploaderNotice = (state: AttachmentState, reason: RefusalReason | null, isWithdrawn = false): Notice | null => {
  if (state === 'quarantined' && isWithdrawn) {
    return {
      subject: 'A file you sent was removed',
      text: 'A file you sent was removed because a newer scan found harmful software in it. It had passed before, so people may have opened it. Please check the device you sent it from.',
    }
  }
  if (state === 'quarantined') {
    return {
      subject: 'A file you sent was removed',
      text: 'A file you sent was removed because our scan found harmful software in it. Nobody received it. Please check the device you sent it from.',
    }
  }
  if (state === 'refused') {
    return {
      subject: 'A file you sent was not delivered',
      text: `A file you sent was not delivered. ${reason === null ? '' : reasons[reason]}`.trim(),
    }
  }
  return null
}

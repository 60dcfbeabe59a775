import { create } from 'content-disposition'

/** Opened as a page it may do nothing. */
const closedPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"

/** What a download says about itself. `contentType` is one of domain/fileTypes, never what a client claimed. */
export type DownloadFile = { attachmentId: string; fileName: string; contentType: string; bytes: number }

/** As a browser saves a report of ours. `fileName` is of ids and words of ours. */
export const toReportHeaders = (fileName: string): Record<string, string> => ({
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': create(fileName, { type: 'attachment' }),
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': closedPolicy,
  'Cache-Control': 'private, no-store',
})

/** The object behind an attachment never changes, so its id is its version. */
export const toETag = (attachmentId: string): string => `"${attachmentId}"`

/**
 * Headers under which a browser saves the file and never opens it as a page of ours: an attachment with a safely
 * encoded name, no sniffing, a policy that forbids everything, and no copy in any cache (a copy would outlive a revocation).
 */
export const toDownloadHeaders = (file: DownloadFile): Record<string, string> => ({
  'Content-Type': file.contentType.startsWith('text/') ? `${file.contentType}; charset=utf-8` : file.contentType,
  // A name is never a path: separators would be read as one by the receiver (RFC 6266, 4.3).
  'Content-Disposition': create(file.fileName.toWellFormed().replaceAll(/[/\\]/g, '_'), { type: 'attachment' }),
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': closedPolicy,
  'Cache-Control': 'private, no-store',
  'Accept-Ranges': 'bytes',
  ETag: toETag(file.attachmentId),
})

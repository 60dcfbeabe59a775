/**
 * What may be sent. A type is allowed only if it is listed here, its extension, its declared
 * content type and its bytes agree, and nothing in it runs (no macros, no SVG, no HTML).
 */
export type FileFamily = 'pdf' | 'document' | 'image' | 'audio' | 'video' | 'text'

export type FileType = {
  contentType: string
  /** Lower case, without the dot; the first is the usual one. */
  extensions: readonly string[]
  family: FileFamily
}

export const fileTypes = [
  { contentType: 'application/pdf', extensions: ['pdf'], family: 'pdf' },
  { contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extensions: ['docx'], family: 'document' },
  { contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extensions: ['xlsx'], family: 'document' },
  { contentType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', extensions: ['pptx'], family: 'document' },
  { contentType: 'application/vnd.oasis.opendocument.text', extensions: ['odt'], family: 'document' },
  { contentType: 'application/vnd.oasis.opendocument.spreadsheet', extensions: ['ods'], family: 'document' },
  { contentType: 'application/vnd.oasis.opendocument.presentation', extensions: ['odp'], family: 'document' },
  { contentType: 'image/jpeg', extensions: ['jpg', 'jpeg'], family: 'image' },
  { contentType: 'image/png', extensions: ['png'], family: 'image' },
  { contentType: 'image/gif', extensions: ['gif'], family: 'image' },
  { contentType: 'image/webp', extensions: ['webp'], family: 'image' },
  { contentType: 'audio/mpeg', extensions: ['mp3'], family: 'audio' },
  { contentType: 'audio/mp4', extensions: ['m4a'], family: 'audio' },
  { contentType: 'video/mp4', extensions: ['mp4'], family: 'video' },
  { contentType: 'text/plain', extensions: ['txt'], family: 'text' },
  { contentType: 'text/csv', extensions: ['csv'], family: 'text' },
] as const satisfies FileType[]

/** The listed type of this content type, parameters ignored; null when it may not be sent. */
export const findFileType = (contentType: string): FileType | null => {
  const essence = contentType.split(';', 1)[0]?.trim().toLowerCase()
  return fileTypes.find((type) => type.contentType === essence) ?? null
}

/** The lower-case extension of a file name, or '' when it has none. */
export const toExtension = (fileName: string): string => {
  const dot = fileName.lastIndexOf('.')
  return dot > 0 ? fileName.slice(dot + 1).toLowerCase() : ''
}

/** By extension: words for a type that people often try and that has an easy mend. */
export const typeAdvice: Readonly<Record<string, string>> = {
  heic: 'Send the photo as JPEG.',
  heif: 'Send the photo as JPEG.',
  doc: 'Save the document as .docx or PDF.',
  xls: 'Save the sheet as .xlsx or PDF.',
  ppt: 'Save the slides as .pptx or PDF.',
  docm: 'Save the document without macros, as .docx.',
  xlsm: 'Save the sheet without macros, as .xlsx.',
  svg: 'Send the picture as PNG.',
  zip: 'Send the files one by one.',
}

/** The advice for this file name, or null when there is none. */
export const findTypeAdvice = (fileName: string): string | null => {
  const extension = toExtension(fileName)
  return Object.hasOwn(typeAdvice, extension) ? (typeAdvice[extension] ?? null) : null
}
